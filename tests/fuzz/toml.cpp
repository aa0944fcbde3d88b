#include "content/base/toml.hpp"

#include "content/base/error.hpp"
#include "tests/fuzz/input.hpp"

/// Any author's TOML: an Error or a value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        static_cast<void>(riverlight::parse_toml(riverlight::fuzz::Input(data, size).text(), "f.toml"));
    } catch (const riverlight::Error&) {
    }
    return 0;
}
