#include <array>
#include <cstdio>

#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/guide.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

/// `20261124060000 +0700`.
std::string format_xmltv_time(Instant at, const std::string& zone) {
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

/// XMLTV texts must not have line ends.
std::string to_one_line(std::string text) {
    for (auto& c : text) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    return text;
}

class XmltvWriter {
  public:
    explicit XmltvWriter(const PlaceGuide& guide) : guide_(guide) {}

    std::string write() {
        xml_.add_raw("<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n");
        xml_.open("tv", {{"generator-info-name", "riverlight"}});
        xml_.open("channel", {{"id", channel_id(guide_.place)}});
        xml_.add_leaf("display-name",
                      guide_.place.name.empty() ? guide_.place.id : to_one_line(guide_.place.name));
        xml_.close();
        for (const auto& plan : guide_.plans) {
            for (const auto& airing : plan.airings) write_programme(plan, airing);
        }
        xml_.close();
        return xml_.finish();
    }

  private:
    /// Children in the DTD's order: title, desc, category, keyword, language, length, episode-num, subtitles,
    /// rating.
    void write_programme(const scheduler::Plan& plan, const scheduler::PlannedAiring& airing) {
        const auto* segment = segment_of(guide_, airing);
        xml_.open("programme", {{"start", format_xmltv_time(airing.start, plan.zone)},
                                {"stop", format_xmltv_time(airing.end, plan.zone)},
                                {"channel", channel_id(guide_.place)}});
        write_texts(airing, segment);
        if (segment) {
            for (const auto& topic : segment->topics)
                xml_.add_leaf("category", to_one_line(topic), {{"lang", "en"}});
        }
        if (!airing.campaign.empty()) xml_.add_leaf("keyword", airing.campaign);
        if (!airing.locale.empty()) xml_.add_leaf("language", airing.locale);
        xml_.add_leaf("length", std::to_string(round<seconds>(airing.end - airing.start).count()),
                      {{"units", "seconds"}});
        xml_.add_leaf("episode-num", airing.id, {{"system", "riverlight.airing"}});
        if (!texts_of(guide_, airing).subtitles.empty()) {
            xml_.open("subtitles", {{"type", "onscreen"}});
            xml_.add_leaf("language", airing.locale);
            xml_.close();
        }
        if (segment) write_rating(*segment);
        xml_.close();
    }

    void write_texts(const scheduler::PlannedAiring& airing, const content::Manifest* segment) {
        const auto texts = texts_of(guide_, airing);
        xml_.add_leaf("title", to_one_line(texts.title), {{"lang", airing.locale}});
        if (!segment) return;
        for (const auto& [locale, other] : segment->locales) {
            if (locale != airing.locale && !other.title.empty())
                xml_.add_leaf("title", to_one_line(other.title), {{"lang", locale}});
        }
        if (!texts.strap.empty()) xml_.add_leaf("desc", to_one_line(texts.strap), {{"lang", airing.locale}});
    }

    void write_rating(const content::Manifest& segment) {
        xml_.open("rating", {{"system", "riverlight"}});
        xml_.add_leaf("value", content::to_text(segment.rating));
        xml_.close();
    }

    const PlaceGuide& guide_;
    XmlWriter xml_;
};

}  // namespace

std::string guide_xmltv(const PlaceGuide& guide) {
    return XmltvWriter(guide).write();
}

}  // namespace riverlight::traffic
