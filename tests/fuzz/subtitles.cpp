#include "player/text/subtitles.hpp"

#include "content/base/error.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// WebVTT and SubRip: an Error, or cues in order.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto cues = player::parse_subtitles(fuzz::Input(data, size).text(), "f");
        for (std::size_t n = 1; n < cues.size(); ++n)
            fuzz::promise(cues[n - 1].from <= cues[n].from, "cues in order");
    } catch (const Error&) {
    }
    return 0;
}
