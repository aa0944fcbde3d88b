#include <algorithm>
#include <cmath>

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

/// A level across the chart, with its number beside it.
Html level_line(double lufs, std::string_view style) {
    const auto y = fixed(y_of(lufs));
    return Html(
        "<line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" class=\"{}\"/><text x=\"{}\" y=\"{}\" "
        "text-anchor=\"end\">{}</text>",
        fixed(left), fixed(width - right), y, y, style, fixed(left - 6), fixed(y_of(lufs) + 4),
        number(lufs, 0));
}

Html time_label(double share, std::chrono::milliseconds at, std::string_view anchor) {
    const auto s = at.count() / 1000;
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(s / 60),
                  static_cast<long long>(s % 60));
    return Html("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
                fixed(left + share * (width - left - right)), fixed(height - 5), anchor,
                std::string_view(text));
}

/// The points of a polyline.
std::string curve_points(const quality::SoundFacts& sound) {
    const auto& curve = sound.short_term_lufs;
    const auto each =
        (curve.size() + most_points - 1) / most_points;  // of so many values the loudest is drawn
    std::string points;
    for (std::size_t i = 0; i < curve.size(); i += each) {
        const auto end = std::min(curve.size(), i + each);
        const auto loudest_value = *std::max_element(curve.begin() + static_cast<std::ptrdiff_t>(i),
                                                     curve.begin() + static_cast<std::ptrdiff_t>(end));
        const double share = (static_cast<double>(i) + 3) * 1000 / static_cast<double>(sound.length.count());
        points += (points.empty() ? "" : " ") + fixed(left + std::min(1.0, share) * (width - left - right)) +
                  ',' + fixed(y_of(static_cast<double>(loudest_value)));
    }
    return points;
}

}  // namespace

Html chart(const quality::SoundFacts& sound, std::string_view name) {
    if (sound.short_term_lufs.size() < 2 || sound.length.count() <= 0) return {};
    Html lines;
    for (const double at : {-10.0, -30.0, -40.0, -50.0}) lines += level_line(at, "scale");
    lines += level_line(quality::programme_lufs, "target");
    const auto times = time_label(0, {}, "start") + time_label(0.5, sound.length / 2, "middle") +
                       time_label(1, sound.length, "end");
    return Html(
        "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\"><title>Loudness over time, {}</title><desc>"
        "Short-term loudness of three seconds, in LUFS. The whole is at {}, the loudest three seconds at {}. "
        "The "
        "dashed line is at −23 LUFS.</desc>{}<polyline class=\"curve\" points=\"{}\"/>{}</svg>",
        fixed(width), fixed(height), name, level(sound.integrated_lufs, "LUFS"),
        level(sound.most_short_term_lufs, "LUFS"), lines, curve_points(sound), times);
}

}  // namespace riverlight::author::report
