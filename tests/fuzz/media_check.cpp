#include "tests/fuzz/media.hpp"

using namespace riverlight;

/// Any bytes as a media file that an author's check watches: an Error, or findings.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MediaFile file(data, size);
    fuzz::attempt([&] { static_cast<void>(fuzz::check(file.path())); });
    return 0;
}
