#include "tests/fuzz/media.hpp"

using namespace riverlight;

/// Any bytes as a card's image: an Error, or a picture of the size asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MediaFile file(data, size);
    fuzz::attempt([&] { static_cast<void>(fuzz::show_still(file.path())); });
    return 0;
}
