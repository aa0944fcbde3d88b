#include "tests/fuzz/media.hpp"
#include "tools/author/joined.hpp"
#include "tools/author/torn.hpp"

using namespace riverlight;

/// Any bytes as a container: what is missing at its end, and where another file begins.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MediaFile file(data, size);
    static_cast<void>(author::missing_bytes(file.path()));
    const auto second = author::second_file_in(file.path());
    fuzz::promise(!second || (*second > 0 && *second < size), "a place in the file");
    return 0;
}
