#include "content/store/refusal.hpp"

#include <filesystem>

#include "content/base/file_pair.hpp"

namespace riverlight::content {

std::optional<ReleaseRefusal> read_refusal(const StoreLayout& layout, const std::string& place) {
    try {
        const auto value = read_hashed(layout.refused(), {.bytes = 16U << 10, .depth = 2});
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
    write_hashed(layout.refused(), {{"format", 1},
                                    {"release", refusal.release},
                                    {"why", refusal.why},
                                    {"place", place},
                                    {"version", RIVERLIGHT_VERSION}});
}

void remove_refusal(const StoreLayout& layout) {
    std::error_code ec;
    std::filesystem::remove_all(layout.refused(), ec);
}

}  // namespace riverlight::content
