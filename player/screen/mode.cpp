#include "player/screen/mode.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "content/base/error.hpp"
#include "content/base/suggest.hpp"

namespace riverlight::player {
namespace {

/// Composed in time on a small board.
constexpr std::int64_t max_pixels = 1920LL * 1200;
/// Hz. People write 60 for 59.94.
constexpr double same_refresh = 0.3;
constexpr double multiple_tolerance = 0.002;

double hertz(const Mode& mode) {
    return double(mode.refresh.num) / double(mode.refresh.den);
}
std::int64_t pixels(const Mode& mode) {
    return std::int64_t{mode.width} * mode.height;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
    return value;
}

[[noreturn]] void refuse(std::string_view key, std::string_view value, const std::string& expected) {
    throw ReadError(ReadFault::malformed, Where("drm", "").in(key, {}),
                    "the outlet drm's setting " + std::string(key) + "=" + std::string(value) +
                        " is not understood; " + expected);
}

ModeRequest parse_mode(std::string_view value) {
    const auto at = value.find('@'), cross = value.find('x');
    const auto width = number<int>(value.substr(0, cross));
    const auto height =
        cross == std::string_view::npos
            ? std::nullopt
            : number<int>(value.substr(
                  cross + 1, at == std::string_view::npos ? std::string_view::npos : at - cross - 1));
    ModeRequest mode;
    if (at != std::string_view::npos) mode.refresh = number<double>(value.substr(at + 1));
    const bool bad_refresh = at != std::string_view::npos && (!mode.refresh || !(*mode.refresh > 0));
    if (!width || !height || *width < 1 || *height < 1 || bad_refresh)
        refuse("mode", value, "a mode is written 1920x1080 or 1920x1080@50");
    mode.width = *width;
    mode.height = *height;
    return mode;
}

void apply_setting(ScreenSpec& spec, std::string_view key, std::string_view value) {
    static constexpr std::array<std::string_view, 7> known{"mode",  "rate",        "rotate", "card",
                                                           "sound", "sound-delay", "cec"};
    if (std::find(known.begin(), known.end(), key) == known.end())
        throw ReadError(ReadFault::unknown, Where("drm", "").in(key, {}),
                        "the outlet drm has no setting '" + std::string(key) +
                            "'; it has mode, rate, rotate, card, sound, sound-delay and cec",
                        nearest_name(key, known));
    if (key == "mode") {
        spec.mode = parse_mode(value);
    } else if (key == "rate") {
        const auto rate = number<int>(value);
        if (!rate || (*rate != 25 && *rate != 50)) refuse(key, value, "it is 25 or 50 frames a second");
        spec.frame_rate = {*rate, 1};
    } else if (key == "rotate") {
        const auto degrees = number<int>(value);
        if (!degrees || *degrees < 0 || *degrees > 270 || *degrees % 90 != 0)
            refuse(key, value, "it is 0, 90, 180 or 270");
        spec.rotate = *degrees;
    } else if (key == "card") {
        if (!value.starts_with("card") || !number<unsigned>(value.substr(4)))
            refuse(key, value, "a card is named as in /dev/dri: card0");
        spec.card = value;
    } else if (key == "cec") {
        if (value != "none" && (!value.starts_with("cec") || !number<unsigned>(value.substr(3))))
            refuse(key, value, "an adapter is named as in /dev: cec0; or none");
        spec.cec = value;
    } else if (key == "sound") {
        if (value.empty()) refuse(key, value, "it is ALSA's name of a device (aplay -L), or none");
        spec.sound = value;
    } else {
        const auto delay = number<int>(value);
        if (!delay || *delay < -500 || *delay > 500) refuse(key, value, "it is -500 to 500 milliseconds");
        spec.sound_delay = std::chrono::milliseconds{*delay};
    }
}

/// True if every frame is shown for the same number of blanks.
bool is_multiple(const Mode& mode, Ratio frame_rate) {
    const double blanks = hertz(mode) * double(frame_rate.den) / double(frame_rate.num);
    return blanks > 0.9 && std::abs(blanks - std::round(blanks)) < multiple_tolerance * blanks;
}

std::string list_of(std::span<const Mode> modes) {
    std::string out;
    for (const auto& mode : modes) out += (out.empty() ? "" : ", ") + to_text(mode);
    return out;
}

/// A mode of the size to use if none is requested.
const Mode& default_size(std::span<const Mode> modes) {
    const auto preferred =
        std::find_if(modes.begin(), modes.end(), [](const Mode& m) { return m.preferred; });
    const auto& first = preferred == modes.end() ? modes.front() : *preferred;
    if (pixels(first) <= max_pixels) return first;
    const auto rank = [&](const Mode& m) {
        const bool same_aspect =
            std::abs(double(m.width) * first.height / (double(m.height) * first.width) - 1) < 0.02;
        return std::tuple(pixels(m) <= max_pixels, same_aspect, pixels(m));
    };
    const auto& best = *std::max_element(modes.begin(), modes.end(),
                                         [&](const Mode& a, const Mode& b) { return rank(a) < rank(b); });
    return pixels(best) <= max_pixels ? best : first;
}

}  // namespace

bool Mode::operator==(const Mode& other) const {
    return width == other.width && height == other.height && interlaced == other.interlaced &&
           refresh.num * other.refresh.den == other.refresh.num * refresh.den;
}

std::string to_text(const Mode& mode) {
    char text[64];
    std::snprintf(text, sizeof text, "%dx%d%s@%.5g", mode.width, mode.height, mode.interlaced ? "i" : "",
                  hertz(mode));
    return text;
}

ScreenSpec parse_screen_spec(std::string_view text) {
    ScreenSpec spec;
    if (!text.starts_with("drm") || (text.size() > 3 && text[3] != ':'))
        throw Error("'" + std::string(text) + "' is not a screen; write drm or drm:CONNECTOR");
    auto rest = text.substr(std::min<std::size_t>(4, text.size()));
    while (!rest.empty()) {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        const auto equals = part.find('=');
        if (equals != std::string_view::npos)
            apply_setting(spec, part.substr(0, equals), part.substr(equals + 1));
        else if (!part.empty())
            spec.connector = part;
    }
    return spec;
}

const Connector* choose_connector(std::span<const Connector> connectors, const std::string& name) {
    const auto has_display = [](const Connector& c) { return c.connected && !c.modes.empty(); };
    if (name.empty()) {
        const auto first = std::find_if(connectors.begin(), connectors.end(), has_display);
        return first == connectors.end() ? nullptr : &*first;
    }
    std::string names;
    for (const auto& c : connectors) {
        if (c.name == name) return has_display(c) ? &c : nullptr;
        names += (names.empty() ? "" : ", ") + c.name;
    }
    throw ReadError(ReadFault::unresolved, Where("drm", "").in("connector." + name, {}),
                    "there is no connector '" + name + "' on this graphics device; it has " +
                        (names.empty() ? "none" : names));
}

const Mode& choose_mode(std::span<const Mode> modes, const std::optional<ModeRequest>& request,
                        Ratio frame_rate) {
    assert(!modes.empty());
    const auto& size = request ? modes.front() : default_size(modes);
    const int width = request ? request->width : size.width, height = request ? request->height : size.height;
    const Mode* best = nullptr;
    const auto rank = [&](const Mode& m) {
        // 25 Hz is a multiple of 25 as well, but more displays show 50 Hz well.
        const bool steady = is_multiple(m, frame_rate) && hertz(m) > 47;
        const double off = request && request->refresh ? std::abs(hertz(m) - *request->refresh) : 0.0;
        return std::tuple(!m.interlaced, -off, steady, is_multiple(m, frame_rate), m.preferred,
                          -std::abs(hertz(m) - 60));
    };
    for (const auto& m : modes) {
        if (m.width != width || m.height != height) continue;
        if (request && request->refresh && std::abs(hertz(m) - *request->refresh) > same_refresh) continue;
        if (!best || rank(m) > rank(*best)) best = &m;
    }
    if (best) return *best;
    throw ReadError(ReadFault::unresolved, Where("drm", "").in("mode", {}),
                    "the display has no mode " + std::to_string(width) + "x" + std::to_string(height) +
                        (request && request->refresh ? " at the refresh rate asked for" : "") + "; it has " +
                        list_of(modes));
}

}  // namespace riverlight::player
