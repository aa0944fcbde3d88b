#include <algorithm>
#include <cmath>

#include "content/base/markup.hpp"
#include "tools/author/report/parts.hpp"

namespace riverlight::author::report {
namespace {

constexpr double width = 480, height = 190, left = 40, right = 8, top = 8, bottom = 22;
constexpr double loudest = -5, softest = -50;  // LUFS at the chart's ends
constexpr std::size_t most_points = 400;

double y_of(double lufs) {
    return top +
           (loudest - std::clamp(lufs, softest, loudest)) / (loudest - softest) * (height - top - bottom);
}

std::string fixed(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

std::string line(double lufs, const char* how) {
    const auto y = fixed(y_of(lufs));
    return "<line x1=\"" + fixed(left) + "\" x2=\"" + fixed(width - right) + "\" y1=\"" + y + "\" y2=\"" + y +
           "\" " + how + "/><text x=\"" + fixed(left - 6) + "\" y=\"" + fixed(y_of(lufs) + 4) +
           "\" text-anchor=\"end\">" + number(lufs, 0) + "</text>";
}

std::string time_label(double share, std::chrono::milliseconds at, const char* anchor) {
    const auto s = at.count() / 1000;
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(s / 60),
                  static_cast<long long>(s % 60));
    return "<text x=\"" + fixed(left + share * (width - left - right)) + "\" y=\"" + fixed(height - 5) +
           "\" text-anchor=\"" + anchor + "\">" + text + "</text>";
}

}  // namespace

std::string chart(const quality::SoundFacts& sound, std::string_view name) {
    const auto& curve = sound.short_term_lufs;
    if (curve.size() < 2 || sound.length.count() <= 0) return {};
    const auto each = (curve.size() + most_points - 1) / most_points;  // the loudest of so many is drawn
    std::string points;
    for (std::size_t i = 0; i < curve.size(); i += each) {
        const auto end = std::min(curve.size(), i + each);
        const auto loud = *std::max_element(curve.begin() + static_cast<std::ptrdiff_t>(i),
                                            curve.begin() + static_cast<std::ptrdiff_t>(end));
        const double share = (static_cast<double>(i) + 3) * 1000 / static_cast<double>(sound.length.count());
        points += (points.empty() ? "" : " ") + fixed(left + std::min(1.0, share) * (width - left - right)) +
                  ',' + fixed(y_of(static_cast<double>(loud)));
    }
    std::string out = "<svg viewBox=\"0 0 " + fixed(width) + ' ' + fixed(height) +
                      "\" role=\"img\"><title>Loudness over time, " + markup_escaped(name) +
                      "</title><desc>Short-term loudness of three seconds, in LUFS. The whole is at " +
                      level(sound.integrated_lufs, "LUFS") + ", the loudest three seconds at " +
                      level(sound.most_short_term_lufs, "LUFS") + ". The dashed line is at −23 LUFS.</desc>";
    for (const double at : {-10.0, -30.0, -40.0, -50.0}) out += line(at, "stroke=\"#d5dcdf\"");
    out += line(quality::programme_lufs, "stroke=\"#7a5200\" stroke-dasharray=\"6 4\"");
    out +=
        "<polyline fill=\"none\" stroke=\"#12508a\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"" +
        points + "\"/>";
    out += time_label(0, {}, "start") + time_label(0.5, sound.length / 2, "middle") +
           time_label(1, sound.length, "end");
    return out + "</svg>";
}

}  // namespace riverlight::author::report
