s#\n/\*\n \*#\n/** \\file\n *#
s#\n \* Memory:#\n * \\memory#g
s#\n \* Threads:#\n * \\threads#g
