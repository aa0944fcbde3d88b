#include "content/store/refusal.hpp"

#include <filesystem>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {

std::optional<ReleaseRefusal> read_refusal(const StoreLayout& layout, const std::string& place) {
    try {
        const JsonLimits limits{.bytes = 16U << 10, .depth = 2};
        const auto value = parse_json(read_file(layout.refused(), limits.bytes), layout.refused(), limits);
        JsonFields fields(value, layout.refused());
        fields.format(1);
        ReleaseRefusal refusal{fields.text("release", 128), fields.text("why")};
        if (fields.text("place") != place || fields.text("version") != RIVERLIGHT_VERSION) return {};
        return refusal;
    } catch (const Error&) {
        return {};
    }
}

void write_refusal(const StoreLayout& layout, const std::string& place, const ReleaseRefusal& refusal) {
    make_way(layout.refused());
    write_file_atomically(layout.refused(),
                          pretty_json(boost::json::object{{"format", 1},
                                                          {"release", refusal.release},
                                                          {"why", refusal.why},
                                                          {"place", place},
                                                          {"version", RIVERLIGHT_VERSION}}));
}

void remove_refusal(const StoreLayout& layout) {
    std::error_code ec;
    std::filesystem::remove_all(layout.refused(), ec);
}

}  // namespace riverlight::content
