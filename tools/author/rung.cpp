#include "tools/author/rung.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "content/base/suggest.hpp"
#include "tools/author/author_limits.hpp"

namespace riverlight::author {
namespace {

std::string size_text(int width, int height) {
    return std::to_string(width) + "x" + std::to_string(height);
}

/// Why the source does not allow the rung; empty: it does.
std::string obstacle(const SegmentSource& source, const Rung& rung) {
    if (!source.video.empty()) {
        const auto shown =
            player::Reader(source.video, player::Reader::Want::picture, 0, 0, {}, author_limits())
                .next_picture();
        if (!shown) throw Error(source.video + ": has no picture");
        const auto [width, height] = std::pair{shown->picture.width, shown->picture.height};
        if (width >= rung.size.width || height >= rung.size.height) return {};
        return std::filesystem::path(source.video).filename().string() + " is " + size_text(width, height) +
               ", and would only be blown up to " + size_text(rung.size.width, rung.size.height);
    }
    for (const auto& [locale, words] : source.locales) {
        const auto faults = text_faults(source.deck, words, locale, rung.size);
        if (!faults.empty()) return faults.front().what;
    }
    return {};
}

}  // namespace

std::string rung_names() {
    std::string list;
    for (const auto& rung : rungs) list += (list.empty() ? "" : ", ") + std::string(rung.name);
    return list;
}

const Rung& rung_named(const std::string& name) {
    const auto found =
        std::find_if(rungs.begin(), rungs.end(), [&](const Rung& r) { return name == r.name; });
    if (found != rungs.end()) return *found;
    std::vector<std::string_view> known;
    known.reserve(rungs.size());
    for (const auto& rung : rungs) known.emplace_back(rung.name);
    throw ReadError(
        ReadFault::unknown, Where(name, "'" + name + "'"),
        "is not a rung of a ladder; use " + rung_names() + "; every segment has " + standard_rung.name,
        nearest_name(name, known));
}

std::string codec_text(player::FileCodec codec) {
    return codec == player::FileCodec::hevc ? "hevc" : "h264";
}

std::vector<Rung> rungs_for(const SegmentSource& source, const std::vector<Rung>& asked,
                            const Progress& progress) {
    std::vector<Rung> out;
    for (const auto& rung : asked) {
        const std::string_view name = rung.name;
        if (std::any_of(out.begin(), out.end(), [&](const Rung& r) { return r.name == name; })) continue;
        const auto why = obstacle(source, rung);
        if (why.empty())
            out.push_back(rung);
        else if (progress)
            progress("ladder: " + std::string(name) + " is left out: " + why);
    }
    return out;
}

}  // namespace riverlight::author
