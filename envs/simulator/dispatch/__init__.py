"""From a client's message to the method that is its action.

``table`` lists the actions there are, ``unsupported`` those that are refused with a remedy,
``binding`` fits arguments to a method, ``dispatcher`` runs it and says how it ended.
"""
