#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/media.hpp"
#include "content/airing/record.hpp"
#include "content/store/content_set.hpp"
#include "player/cue/cue.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/plan/plan.hpp"

/// What an outlet plays from, and how it is put to a player and into a record. Pure.
namespace riverlight::firmware {

/// Replaced whole when a release arrives.
struct Programme {
    std::shared_ptr<const content::ContentSet> content;
    scheduler::Schedule schedule;
    content::Place place;

    /// Whether the country clears the segment, in that locale, on `now`'s day where the board stands.
    [[nodiscard]] bool clears(const content::AiringRecord& airing, Instant now) const;
    /// What the slate says, as a player's options: the place's language, and the hotline to call.
    [[nodiscard]] std::vector<std::string> slate_words() const;
    /// How a player is told to play it; without start and name. `profile` is a feed's: a rendition of it is
    /// named where the segment has one that shows this country's number. Of several pictures the one that the
    /// place wants most of those that are held (content::picture_order); a feed encodes the segment's own.
    [[nodiscard]] player::Cue cue_of(const scheduler::PlannedAiring& planned,
                                     const std::string& profile) const;
    /// When a screen is to be quiet while that is on, as the place asks; a feed never is.
    [[nodiscard]] std::vector<player::Quiet> quiet_of(const scheduler::PlannedAiring& planned) const;
    /// What airs where the airing's own media is broken: the same in the other locales that the country
    /// clears that day, nearest to what was asked for first, at most 4; then the channel's fillers that may
    /// be on for all of its time, at most 2. Each as it would be planned.
    [[nodiscard]] std::vector<scheduler::PlannedAiring> others_of(
        const scheduler::PlannedAiring& planned) const;
    /// One of those with its own `media`, as the cue of the airing that it replaces carries it.
    [[nodiscard]] player::Alternative alternative_of(const scheduler::PlannedAiring& planned,
                                                     const scheduler::PlannedAiring& other,
                                                     const content::Media& media) const;
    /// `media` of that airing with the next of its pictures that is held, for when the picture that it names
    /// is broken. Nothing if there is none, or a rendition is sent.
    [[nodiscard]] std::optional<content::Media> other_picture_of(const scheduler::PlannedAiring& planned,
                                                                 const content::Media& media) const;
    /// The digest of the file that airs: the rendition, or the picture.
    [[nodiscard]] static std::string sha256_of(const content::Media& media);
    /// The title of an airing's campaign.
    [[nodiscard]] std::string title_of(const std::string& campaign) const;

  private:
    /// Paths of the airing's pictures that are held, as a screen of this place, or a feed, takes them; where
    /// none is held, of the one it would take first.
    [[nodiscard]] std::vector<std::string> pictures_of(const scheduler::PlannedAiring& planned,
                                                       bool screen) const;
};

/// A feed's guide: airings of one campaign that touch are one event under its title, of three hours at most;
/// as many events as a cue holds.
[[nodiscard]] player::Guide guide_of(const Programme& programme,
                                     const std::vector<const scheduler::PlannedAiring*>& airings);

}  // namespace riverlight::firmware
