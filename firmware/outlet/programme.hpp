#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/media.hpp"
#include "content/airing/record.hpp"
#include "content/store/content_set.hpp"
#include "player/cue/commands.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/plan/plan.hpp"

/// What an outlet plays from, and how a player is told to play it. Pure.
namespace riverlight::firmware {

/// A release, the schedule of a place, and the place. A new release makes a new programme.
struct Programme {
    std::shared_ptr<const content::ContentSet> content;
    scheduler::Schedule schedule;
    content::Place place;

    /// Whether the country clears the airing's segment in its locale, on the local day of `now`.
    [[nodiscard]] bool clears(const scheduler::PlannedAiring& airing, Instant now) const;
    /// What the slate shows, as a player's options: the place's language, and the hotline to call.
    [[nodiscard]] std::vector<std::string> slate_options() const;
    /// The cue of a planned airing, without start, name and alternatives. `profile` is a feed's, empty for a
    /// screen: the cue names the segment's rendition for it, if there is one that shows this country's
    /// hotline. Of several pictures it names the one that the place prefers among those in the store
    /// (content::picture_order); a feed encodes the segment's own.
    [[nodiscard]] player::Cue cue_of(const scheduler::PlannedAiring& planned,
                                     const std::string& profile) const;
    /// The place's quiet hours during the airing; for a screen.
    [[nodiscard]] std::vector<player::Quiet> quiet_of(const scheduler::PlannedAiring& planned) const;
    /// What airs if the airing's media is missing or broken: the segment in the other locales that the
    /// country clears that day, the nearest to the one asked for first, at most 4; then fillers that may be
    /// on for all of its time, at most 2. Each as it would be planned.
    [[nodiscard]] std::vector<scheduler::PlannedAiring> plan_alternatives(
        const scheduler::PlannedAiring& planned) const;
    /// One of those, `other` with its own `media`, for the cue of `planned`.
    [[nodiscard]] player::Alternative alternative_of(const scheduler::PlannedAiring& planned,
                                                     const scheduler::PlannedAiring& other,
                                                     const content::Media& media) const;
    /// The airing's `media` with the next of its pictures in the store. Nothing if there is none, or if
    /// `media` has a rendition.
    [[nodiscard]] std::optional<content::Media> other_picture_of(const scheduler::PlannedAiring& planned,
                                                                 const content::Media& media) const;
    /// The digest of the file that airs: the rendition, or the picture.
    [[nodiscard]] static std::string sha256_of(const content::Media& media);
    /// An airing as a feed's guide has it, in the airing's own language. Nothing if its segment is not in the
    /// catalogue.
    [[nodiscard]] std::optional<player::GuideItem> guide_item_of(
        const scheduler::PlannedAiring& planned) const;

  private:
    /// The hotline's number to show: the country's, or else the segment's own.
    [[nodiscard]] std::string hotline_number(const std::string& locale,
                                             const content::Localisation& words) const;
    /// Paths of the airing's pictures that are in the store, in the order in which a screen of this place,
    /// or a feed, prefers them. If none is, the path of the first.
    [[nodiscard]] std::vector<std::string> pictures_of(const scheduler::PlannedAiring& planned,
                                                       bool screen) const;
};

/// A feed's programme guide: airings that touch and say the same are one event, three hours long at most. As
/// many events as fit into a line.
[[nodiscard]] player::Guide guide_of(const Programme& programme,
                                     const std::vector<const scheduler::PlannedAiring*>& airings);

}  // namespace riverlight::firmware
