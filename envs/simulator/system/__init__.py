"""What the operating system must be helped with.

``syslibs`` stands in for missing X11 and GL libraries, with files that ``elf`` writes;
``process_memory`` measures memory and gives freed memory back.
"""
