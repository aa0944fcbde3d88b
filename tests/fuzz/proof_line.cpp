#include <optional>

#include "tests/fuzz/input.hpp"
#include "tools/proof/bundle.hpp"

using namespace riverlight;

/// A line of a proof bundle, which anybody may have written: an Error, or what is the same when it is written
/// and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::optional<proof::Line> line;
    fuzz::attempt([&] { line = proof::parse_line(fuzz::Input(data, size).text(), "f"); });
    if (!line) return 0;
    const auto written = proof::write_line(*line);
    bool same = false;
    fuzz::attempt([&] { same = proof::write_line(proof::parse_line(written, "f")) == written; });
    fuzz::promise(same, "a line is the same when read again");
    return 0;
}
