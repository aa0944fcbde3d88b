#include "content/airing/media_damage.hpp"

#include <cassert>

namespace riverlight::content {
namespace {

constexpr const char* fault_key = "media_fault";
constexpr const char* file_key = "media_file";

}  // namespace

std::string_view to_text(MediaFault fault) {
    switch (fault) {
        case MediaFault::altered:
            return "altered";
        case MediaFault::unreadable:
            return "unreadable";
    }
    assert(false && "a fault of the enumeration");
    return "?";
}

std::optional<MediaFault> parse_media_fault(std::string_view text) {
    for (const auto fault : {MediaFault::altered, MediaFault::unreadable})
        if (to_text(fault) == text) return fault;
    return {};
}

void write_damage(const MediaDamage& damage, std::map<std::string, std::string>& evidence) {
    evidence[fault_key] = to_text(damage.fault);
    evidence[file_key] = damage.file;
}

std::optional<MediaDamage> read_damage(const std::map<std::string, std::string>& evidence) {
    const auto fault = evidence.find(fault_key), file = evidence.find(file_key);
    if (fault == evidence.end() || file == evidence.end()) return {};
    const auto known = parse_media_fault(fault->second);
    if (!known) return {};
    return MediaDamage{*known, file->second};
}

}  // namespace riverlight::content
