#include "firmware/outlet/programme.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "content/base/iso_codes.hpp"
#include "content/base/plain_text.hpp"
#include "scheduler/plan/alternatives.hpp"
#include "scheduler/plan/locale.hpp"
#include "scheduler/plan/quiet.hpp"

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr std::size_t most_pictures = 1;  // of the airing's other pictures
constexpr std::size_t most_guide = 200;   // events of a feed's guide
constexpr std::size_t most_guide_bytes = 60'000;
/// What a short_event_descriptor shows of them (player/feed), bytes.
constexpr std::size_t longest_title = 119, longest_text = 99;

}  // namespace

bool Programme::clears(const PlannedAiring& airing, Instant now) const {
    const auto* country = content->catalogue.country_of(place);
    const auto day = scheduler::local_day_of(now, place.zone).day;
    return country && country->cleared(airing.segment, airing.revision, airing.locale, day);
}

std::vector<std::string> Programme::slate_options() const {
    const auto locale = place.languages.empty() ? std::string("en") : place.languages.front().language;
    std::vector<std::string> words{"--locale", locale};
    const auto* country = content->catalogue.country_of(place);
    if (const auto* hotline = country ? country->hotline(locale) : nullptr)
        words.insert(words.end(), {"--slate-label", hotline->name, "--slate-number", hotline->number});
    return words;
}

std::vector<std::string> Programme::pictures_of(const PlannedAiring& planned, bool screen) const {
    const auto& segment = content->catalogue.segments.at(planned.segment);
    const auto& words = segment.locales.at(planned.locale);
    const auto order = content::picture_order(segment, words, screen ? &place.picture : nullptr);
    std::vector<std::string> paths;
    for (const auto& sha256 : order)
        if (const auto& file = segment.files.at(sha256); content->held.contains(file.name()))
            paths.push_back(content->path_of(file));
    if (paths.empty()) paths.push_back(content->path_of(segment.files.at(order.front())));
    return paths;
}

std::string Programme::hotline_number(const std::string& locale, const content::Localisation& words) const {
    const auto* country = content->catalogue.country_of(place);
    const auto* hotline = country ? country->hotline(locale) : nullptr;
    return hotline ? hotline->number : words.hotline;
}

player::Cue Programme::cue_of(const PlannedAiring& planned, const std::string& profile) const {
    const auto& segment = content->catalogue.segments.at(planned.segment);
    const auto& words = segment.locales.at(planned.locale);
    const auto path = [&](const std::string& sha256) {
        return sha256.empty() ? std::string{} : content->path_of(segment.files.at(sha256));
    };
    player::Cue cue;
    auto& media = cue.media;
    media.picture = pictures_of(planned, profile.empty()).front();
    media.sound = path(words.sound);
    media.subtitles = path(words.subtitles);
    media.locale = planned.locale;
    cue.offset = planned.into;
    cue.duration =
        planned.cut ? floor<milliseconds>(planned.end - planned.start) : segment.duration - planned.into;
    const auto number = hotline_number(planned.locale, words);
    if (!words.strap.empty() || !number.empty())
        media.strap = content::Strap{words.strap, number, words.crawl};
    // A missing interpreter does not cost the segment.
    auto sign = content::sign_at(place, words);
    if (!sign.empty() && content->missing.contains(segment.files.at(words.signs.at(sign)).name()))
        sign.clear();
    if (!sign.empty()) media.sign = content::Sign{path(words.signs.at(sign)), sign};
    // A rendition shows the segment's own number. The country's number has precedence.
    const auto rendition = words.renditions.find(content::rendition_key(profile, sign));
    if (rendition != words.renditions.end() && number == words.hotline) {
        const auto& file = segment.files.at(rendition->second);
        media.rendition = content::Rendition{content->path_of(file), file.parameters};
    }
    if (profile.empty()) {
        cue.quiet = quiet_of(planned);
        cue.subtitled = place.subtitles;
    }
    cue.late = planned.late == scheduler::LateRule::skip ? player::Cue::Late::skip : player::Cue::Late::join;
    return cue;
}

std::vector<player::Quiet> Programme::quiet_of(const PlannedAiring& planned) const {
    // A soft start may be somewhat early or late.
    constexpr auto slack = 15min;
    std::vector<player::Quiet> out;
    const auto* country = content->catalogue.country_of(place);
    if (!country) return out;
    for (const auto& span :
         scheduler::quiet_between(schedule, *country, place, planned.start - slack, planned.end + slack))
        if (out.size() < player::most_quiet) out.push_back({span.when.from, span.when.until, span.gain_db});
    return out;
}

std::vector<PlannedAiring> Programme::plan_alternatives(const PlannedAiring& planned) const {
    constexpr std::size_t most = 4, most_fillers = player::most_alternatives - most - most_pictures;
    const auto& segment = content->catalogue.segments.at(planned.segment);
    const auto* country = content->catalogue.country_of(place);
    const auto day = scheduler::local_day_of(planned.start, place.zone).day;
    std::vector<PlannedAiring> others;
    for (const auto locale : scheduler::locale_chain(segment, place, planned.locale_asked)) {
        const bool cleared = locale != planned.locale && segment.locales.contains(std::string(locale)) &&
                             country && country->cleared(segment, locale, day);
        if (!cleared || others.size() == most) continue;
        others.push_back(planned);
        others.back().locale = locale;
    }
    // Not always the same filler.
    const auto turn = static_cast<std::size_t>(planned.start.time_since_epoch() / 10s);
    for (const auto& filler : scheduler::find_alternatives(
             schedule, content->catalogue, place,
             {planned.locale_asked, planned.segment, {planned.start, planned.end}, turn, most_fillers})) {
        others.push_back(planned);
        auto& other = others.back();
        other.segment = filler.segment;
        other.revision = content->catalogue.segments.at(filler.segment).revision;
        other.locale = filler.locale;
        other.into = {};
    }
    return others;
}

player::Alternative Programme::alternative_of(const PlannedAiring& planned, const PlannedAiring& other,
                                              const content::Media& media) const {
    player::Alternative out{media, {}};
    if (other.segment != planned.segment)
        out.filler = player::Alternative::Filler{other.segment,
                                                 content->catalogue.segments.at(other.segment).duration};
    return out;
}

std::optional<content::Media> Programme::other_picture_of(const PlannedAiring& planned,
                                                          const content::Media& media) const {
    if (media.rendition) return {};
    for (auto& picture : pictures_of(planned, true)) {
        if (picture == media.picture) continue;
        auto other = media;
        other.picture = std::move(picture);
        return other;
    }
    return {};
}

std::string Programme::sha256_of(const content::Media& media) {
    return std::filesystem::path(media.rendition ? media.rendition->path : media.picture).stem().string();
}

std::optional<player::GuideItem> Programme::guide_item_of(const PlannedAiring& planned) const {
    const auto segment = content->catalogue.segments.find(planned.segment);
    if (segment == content->catalogue.segments.end()) return {};
    const auto words = segment->second.locales.find(planned.locale);
    if (words == segment->second.locales.end()) return {};
    const auto number = hotline_number(planned.locale, words->second);
    const auto& strap = words->second.strap;
    player::GuideItem item{
        planned.start, duration_cast<milliseconds>(planned.end - planned.start),
        LanguageCode::of_tag(planned.locale), plain_text(words->second.title, longest_title),
        plain_text(strap + (strap.empty() || number.empty() ? "" : ": ") + number, longest_text)};
    const auto age = content::minimum_age(segment->second.rating);
    const auto code = CountryCode::of_alpha2(place.country);
    if (age && code) item.rating = player::GuideRating{*code, *age};
    return item;
}

namespace {

bool says_the_same(const player::GuideItem& a, const player::GuideItem& b) {
    return a.language == b.language && a.title == b.title && a.text == b.text && a.rating == b.rating;
}

/// Bytes of an item in a guide's line, at most.
std::size_t bytes_of(const player::GuideItem& item) {
    constexpr std::size_t without_texts = 200;
    return without_texts + boost::json::serialize(boost::json::string(item.title)).size() +
           boost::json::serialize(boost::json::string(item.text)).size();
}

}  // namespace

player::Guide guide_of(const Programme& programme, const std::vector<const PlannedAiring*>& airings) {
    player::Guide guide;
    std::size_t bytes = 0;
    for (const auto* airing : airings) {
        auto item = programme.guide_item_of(*airing);
        if (!item) continue;
        if (!guide.items.empty()) {
            auto& last = guide.items.back();
            const auto end = last.start + last.duration;
            if (says_the_same(last, *item) && airing->start - end < 1s && end - last.start < 3h) {
                last.duration = duration_cast<milliseconds>(airing->end - last.start);
                continue;
            }
        }
        bytes += bytes_of(*item);
        if (bytes > most_guide_bytes || guide.items.size() == most_guide) break;
        guide.items.push_back(std::move(*item));
    }
    return guide;
}

}  // namespace riverlight::firmware
