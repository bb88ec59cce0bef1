s#\n\n((///[^\n]*\n)+namespace )#\n/// \\file\n\1#
