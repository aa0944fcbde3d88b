#include "content/update/waves.hpp"

#include <optional>

#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// A channel's waves: an Error, or values within their limits that are the same when read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr auto kind = "riverlight-amd64-uefi";
    std::optional<content::Waves> waves;
    fuzz::attempt([&] { waves = content::parse_waves(fuzz::Input(data, size).text(), "f", kind); });
    if (!waves) return 0;
    bool same = false;
    fuzz::attempt([&] { same = content::parse_waves(content::write_waves(*waves), "f", kind) == *waves; });
    fuzz::promise(same, "waves are the same when read again");
    for (const auto& wave : waves->waves) {
        fuzz::promise(wave.share >= 0 && wave.share <= 100, "a share is a percentage");
        fuzz::promise(waves->find(wave.version) == &wave, "each version stands once");
        const bool all = wave.share == 100;
        fuzz::promise(!all || content::is_in_wave(wave, {"kh-1", {}}), "a share of 100 is each board");
    }
    return 0;
}
