#include "content/base/json.hpp"

#include <cmath>

#include "tools/author/report/parts.hpp"
#include "tools/author/report/report.hpp"

namespace riverlight::author {
namespace {

namespace json = boost::json;

/// Null for silence: JSON has no infinity.
json::value level_of(double value) {
    return std::isfinite(value) ? json::value(std::round(value * 100) / 100) : json::value(nullptr);
}

json::object sound_of(const quality::SoundFacts& s) {
    json::array curve;
    for (const auto value : s.short_term_lufs) curve.push_back(level_of(static_cast<double>(value)));
    return {{"length_ms", s.length.count()},
            {"integrated_lufs", level_of(s.integrated_lufs)},
            {"range_lu", level_of(s.range_lu)},
            {"true_peak_dbtp", level_of(s.peak_dbtp)},
            {"most_momentary_lufs", level_of(s.most_momentary_lufs)},
            {"most_short_term_lufs", level_of(s.most_short_term_lufs)},
            {"short_term_lufs", std::move(curve)}};
}

json::object video_of(const Watched& w) {
    const auto& f = w.facts;
    return {{"container", f.container},
            {"video_codec", f.video_codec},
            {"audio_codec", f.audio_codec},
            {"width", f.width},
            {"height", f.height},
            {"frame_rate", std::to_string(f.frame_rate.num) + '/' + std::to_string(f.frame_rate.den)},
            {"audio_rate", f.audio_rate},
            {"audio_channels", f.audio_channels},
            {"sound", w.sounds ? json::value(sound_of(w.sound)) : json::value(nullptr)}};
}

json::object finding_of(const SegmentSource& source, const SegmentFinding& finding) {
    json::object out{{"kind", finding.refused ? "refused" : "note"},
                     {"where", report::without_folder(finding.where, source)},
                     {"what", report::without_folder(finding.what, source)},
                     {"remedy", finding.remedy}};
    if (finding.when) {
        out["from_ms"] = finding.when->from.count();
        out["until_ms"] = finding.when->until.count();
    }
    return out;
}

json::object locale_of(const Wording& words, const Examination& examined, const std::string& locale) {
    json::object out{{"title", words.title}, {"strap", words.strap}, {"hotline", words.hotline}};
    if (const auto speed = report::speed_of(words))
        out["subtitles"] = json::object{{"cues", speed->cues},
                                        {"letters", speed->letters},
                                        {"letters_a_second", std::round(speed->mean * 10) / 10},
                                        {"most_letters_a_second", std::round(speed->most * 10) / 10},
                                        {"most_at_ms", speed->most_at.count()}};
    if (const auto heard = examined.sounds.find(locale); heard != examined.sounds.end())
        out["sound"] = sound_of(heard->second);
    return out;
}

}  // namespace

std::string report_json(const SegmentSource& source, const Examination& examined) {
    json::array findings;
    for (const auto& finding : examined.findings) findings.push_back(finding_of(source, finding));
    json::object locales;
    for (const auto& [locale, words] : source.locales) locales[locale] = locale_of(words, examined, locale);
    return pretty_json(json::object{
        {"format", 1},
        {"id", source.id},
        {"revision", source.revision},
        {"accepted", !examined.refused()},
        {"duration_ms", examined.duration.count()},
        {"findings", std::move(findings)},
        {"video", examined.video ? json::value(video_of(*examined.video)) : json::value(nullptr)},
        {"locales", std::move(locales)}});
}

}  // namespace riverlight::author
