#include "tests/fuzz/media.hpp"

using namespace riverlight;

/// Any bytes as a media file that is played, by way of demultiplexing, decoding, conversion and resampling:
/// an Error, or pictures and samples in the promised form. The last byte says how it is played.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MediaFile file(data, size);
    const auto way = size > 0 ? data[size - 1] % fuzz::ways_to_play.size() : 0;
    fuzz::attempt([&] { static_cast<void>(fuzz::play(file.path(), fuzz::ways_to_play.at(way))); });
    return 0;
}
