#include "player/outlet/outlet.hpp"

#include <array>
#include <filesystem>

#include "content/base/suggest.hpp"
#include "player/feed/profile.hpp"
#include "player/feed/rendition.hpp"

namespace riverlight::player {
namespace {

class Null final : public Outlet {
  public:
    void show(const Picture&, std::span<const float>, std::int64_t) override {}
    void finish() override {}
};

bool is_feed(const std::string& spec) {
    return spec.starts_with("file:") || spec.starts_with("udp://");
}

bool is_screen(const std::string& spec) {
    return spec == "drm" || spec.starts_with("drm:");
}

}  // namespace

Format format_of(const OutletOptions& options) {
    if (!options.profile.empty() && !is_feed(options.spec))
        throw Error("'" + options.spec + "' takes no profile; profiles are for feeds (file:, udp://)");
    if (is_screen(options.spec)) return format_of_screen(options.spec);
    return is_feed(options.spec) ? profile_named(options.profile.empty() ? "720p25" : options.profile).format
                                 : Format{};
}

OutletNeeds needs_of(const std::string& spec) {
    if (is_screen(spec)) return {false, {}, {"/dev/dri", "/dev/snd"}};
    if (spec == "window") return {false, {}, {"/dev/dri", "/dev/snd", "/dev/shm", "/dev/input"}};
    if (spec.find("://") != std::string::npos) return {true, {}, {}};
    const auto path = std::filesystem::path(spec.substr(spec.find(':') + 1));
    if (spec.starts_with("file:"))
        return {false, path.has_parent_path() ? path.parent_path().string() : ".", {}};
    if (spec.starts_with("capture:")) {
        std::filesystem::create_directories(path);
        return {false, path.string(), {}};
    }
    return {};
}

std::function<std::unique_ptr<Source>(const SourceSpec&)> opener_of(const OutletOptions& options) {
    if (!is_feed(options.spec)) return open_media;
    return [profile =
                profile_named(options.profile.empty() ? "720p25" : options.profile)](const SourceSpec& spec) {
        return spec.rendition ? open_rendition(spec, profile) : open_media(spec);
    };
}

std::unique_ptr<Outlet> make_outlet(const OutletOptions& options) {
    const auto& spec = options.spec;
    if (spec == "null") return std::make_unique<Null>();
    if (spec == "window") return make_window(format_of(options));
    if (spec.starts_with("capture:") && spec.size() > 8)
        return make_capture(spec.substr(8), format_of(options));
    if (is_screen(spec)) return make_screen(spec, format_of(options));
    if (is_feed(spec)) return make_feed(options);
    static constexpr std::array<std::string_view, 6> known{"drm",    "capture:", "null",
                                                           "window", "file:",    "udp://"};
    throw Error("unknown outlet '" + spec +
                "'; use drm, drm:CONNECTOR, window, capture:DIR, null, file:PATH.ts or udp://host:port" +
                suggestion(spec, known));
}

}  // namespace riverlight::player
