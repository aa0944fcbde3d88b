#include "firmware/outlet/programme.hpp"

#include <algorithm>
#include <filesystem>

#include "content/segment/forms.hpp"
#include "scheduler/plan/alternatives.hpp"
#include "scheduler/plan/locale.hpp"
#include "scheduler/plan/quiet.hpp"

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr std::size_t most_pictures = 1;  // of the airing's other pictures
constexpr std::size_t most_guide = 150;   // events of a feed's guide: a line holds that many

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
    const auto* country = content->catalogue.country_of(place);
    const auto* hotline = country ? country->hotline(planned.locale) : nullptr;
    const auto& number = hotline ? hotline->number : words.hotline;
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

std::string Programme::title_of(const std::string& campaign) const {
    const auto& all = schedule.campaigns;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == campaign; });
    return found == all.end() ? campaign : found->title;
}

player::Guide guide_of(const Programme& programme, const std::vector<const PlannedAiring*>& airings) {
    player::Guide guide;
    Instant end{};
    const std::string* campaign = nullptr;
    for (const auto* a : airings) {
        if (campaign && *campaign == a->campaign && a->start - end < 1s &&
            end - guide.items.back().start < 3h) {
            guide.items.back().duration = duration_cast<milliseconds>(a->end - guide.items.back().start);
        } else if (guide.items.size() < most_guide) {
            guide.items.push_back({a->start, duration_cast<milliseconds>(a->end - a->start),
                                   content::language_code_3(a->locale),
                                   programme.title_of(a->campaign).substr(0, 200), ""});
        } else {
            break;
        }
        campaign = &a->campaign;
        end = a->end;
    }
    return guide;
}

}  // namespace riverlight::firmware
