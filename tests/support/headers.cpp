// The program that the tests' precompiled headers are compiled for (tools/cmake/rooms.cmake).
int main() {}
