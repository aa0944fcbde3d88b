#include "content/base/json.hpp"

#include "tests/fuzz/input.hpp"

using namespace riverlight;

namespace {

bool has_number_with_fraction(const boost::json::value& value) {
    if (value.is_double()) return true;
    if (const auto* array = value.if_array()) {
        for (const auto& item : *array) {
            if (has_number_with_fraction(item)) return true;
        }
    }
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            if (has_number_with_fraction(member.value())) return true;
        }
    }
    return false;
}

}  // namespace

/// I-JSON: an Error, or a value whose canonical form reads back as itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto value = parse_json(fuzz::Input(data, size).text(), "f");
        if (has_number_with_fraction(value)) return 0;
        const auto canonical = canonical_json(value);
        fuzz::promise(canonical_json(parse_json(pretty_json(value), "f")) == canonical,
                      "pretty is the same value");
    } catch (const Error&) {
    }
    return 0;
}
