#include "content/base/error.hpp"
#include "content/segment/country_json.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

namespace {

struct Format {
    void (*parse)(std::string_view, const std::string&, content::Country&);
    std::string (*write)(const content::Country&);
};
constexpr Format formats[] = {{content::parse_places, content::write_places},
                              {content::parse_clearances, content::write_clearances},
                              {content::parse_hotlines, content::write_hotlines}};

content::Country read(const Format& format, std::string_view text) {
    content::Country country;
    country.code = "KH";
    format.parse(text, "f", country);
    return country;
}

}  // namespace

/// The three files of a country: each gives an Error, or reads back the same when written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto& format : formats) {
        try {
            const auto written = format.write(read(format, fuzz::Input(data, size).text()));
            fuzz::promise(format.write(read(format, written)) == written,
                          "the same when written and read again");
        } catch (const Error&) {
        }
    }
    return 0;
}
