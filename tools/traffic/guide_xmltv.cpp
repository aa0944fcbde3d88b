#include <array>
#include <cstdio>

#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/guide.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

/// `20261124060000 +0700`.
std::string xmltv_time(Instant at, const std::string& zone) {
    const auto whole = floor<seconds>(at);
    const auto local = scheduler::local_text(whole, zone);  // 2026-11-24 06:00:00
    std::string out;
    for (const char c : local) {
        if (c != '-' && c != ':' && c != ' ') out += c;
    }
    const auto read = from_rfc3339(local.substr(0, 10) + 'T' + local.substr(11) + 'Z');
    const auto minutes_ahead = read ? floor<minutes>(*read - whole).count() : 0;
    std::array<char, 40> offset{};
    std::snprintf(offset.data(), offset.size(), " %c%02ld%02ld", minutes_ahead < 0 ? '-' : '+',
                  std::abs(minutes_ahead) / 60, std::abs(minutes_ahead) % 60);
    return out + offset.data();
}

/// The DTD asks for ids that look like host names (RFC 2838).
std::string channel_id(const content::Place& place) {
    return std::string(content::to_text(place.outlet)) + '.' + place.id + ".riverlight";
}

/// Elements of text hold no line ends in XMLTV.
std::string one_line(std::string text) {
    for (auto& c : text) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    return text;
}

class XmltvWriter {
  public:
    explicit XmltvWriter(const Guide& guide) : guide_(guide) {}

    std::string write() {
        xml_.raw("<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n");
        xml_.open("tv", {{"generator-info-name", "riverlight"}});
        xml_.open("channel", {{"id", channel_id(guide_.place)}});
        xml_.leaf("display-name", guide_.place.name.empty() ? guide_.place.id : one_line(guide_.place.name));
        xml_.close();
        for (const auto& plan : guide_.plans) {
            for (const auto& airing : plan.airings) programme(plan, airing);
        }
        xml_.close();
        return xml_.take();
    }

  private:
    /// Children in the DTD's order: title, desc, category, keyword, language, length, episode-num, subtitles,
    /// rating.
    void programme(const scheduler::Plan& plan, const scheduler::PlannedAiring& airing) {
        const auto* segment = segment_of(guide_, airing);
        xml_.open("programme", {{"start", xmltv_time(airing.start, plan.zone)},
                                {"stop", xmltv_time(airing.end, plan.zone)},
                                {"channel", channel_id(guide_.place)}});
        words(airing, segment);
        if (segment) {
            for (const auto& topic : segment->topics)
                xml_.leaf("category", one_line(topic), {{"lang", "en"}});
        }
        if (!airing.campaign.empty()) xml_.leaf("keyword", airing.campaign);
        if (!airing.locale.empty()) xml_.leaf("language", airing.locale);
        xml_.leaf("length", std::to_string(round<seconds>(airing.end - airing.start).count()),
                  {{"units", "seconds"}});
        xml_.leaf("episode-num", airing.id, {{"system", "riverlight.airing"}});
        if (!words_of(guide_, airing).subtitles.empty()) {
            xml_.open("subtitles", {{"type", "onscreen"}});
            xml_.leaf("language", airing.locale);
            xml_.close();
        }
        if (segment) rating(*segment);
        xml_.close();
    }

    void words(const scheduler::PlannedAiring& airing, const content::Manifest* segment) {
        const auto own = words_of(guide_, airing);
        xml_.leaf("title", one_line(own.title), {{"lang", airing.locale}});
        if (!segment) return;
        for (const auto& [locale, other] : segment->locales) {
            if (locale != airing.locale && !other.title.empty())
                xml_.leaf("title", one_line(other.title), {{"lang", locale}});
        }
        if (!own.strap.empty()) xml_.leaf("desc", one_line(own.strap), {{"lang", airing.locale}});
    }

    void rating(const content::Manifest& segment) {
        xml_.open("rating", {{"system", "riverlight"}});
        xml_.leaf("value", content::to_text(segment.rating));
        xml_.close();
    }

    const Guide& guide_;
    XmlWriter xml_;
};

}  // namespace

std::string guide_xmltv(const Guide& guide) {
    return XmltvWriter(guide).write();
}

}  // namespace riverlight::traffic
