// The source of libraries that are only precompiled headers.
