"""Tells in one screen what works on this machine, with one command that mends each failure.

``checks`` are what is looked at; each asks a program, most often one of ``probes``, in a process of
its own (``processes``), whose answer is a ``Finding``. ``screen`` shows what came of them.
"""
