// Fetches one file as a board's sync does, hashed while it arrives and synced to disk: `fetch_bench BASE PATH
// LENGTH SHA256 INTO`. Prints the bytes transferred. For bench.py.
#include <cstdint>
#include <iostream>

#include "content/sync/fetch.hpp"

int main(int argc, char** argv) {
    if (argc != 6) {
        std::cerr << "fetch_bench BASE PATH LENGTH SHA256 INTO\n";
        return 2;
    }
    try {
        riverlight::content::FetchOptions options;
        options.base_url = argv[1];
        riverlight::content::Fetcher line(std::move(options));
        const std::string into = argv[5];
        line.file(argv[2], into + ".staged", into, {std::stoll(argv[3]), argv[4], {}, true}, {});
        std::cout << line.received_bytes() << '\n';
    } catch (const riverlight::Error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
