#include "content/segment/manifest.hpp"

#include "content/base/error.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// segment.json gives an Error, or a manifest that reads back the same when written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto written =
            content::write_manifest(content::parse_manifest(fuzz::Input(data, size).text(), "f"));
        fuzz::promise(content::write_manifest(content::parse_manifest(written, "f")) == written,
                      "a manifest is the same when written and read again");
    } catch (const Error&) {
    }
    return 0;
}
