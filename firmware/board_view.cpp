// What a board tells: its page, its office, and who stands in front of its screens.
#include <filesystem>

#include "firmware/board.hpp"

namespace riverlight::firmware {

using namespace std::chrono_literals;

namespace {

constexpr auto still_on =
    ". What the board holds stays on, and the channel is looked at again by itself; if this stays, tell your "
    "coordinator.";

}  // namespace

/// On screens, in their place's language.
void Board::speak_of_stick() {
    const auto note = stick_on_screen_.seen(view().stick, clock_.read().monotonic.time_since_epoch().count());
    std::vector<std::string> languages;
    for (const auto& share :
         programme_ ? programme_->place.languages : std::vector<content::LanguageShare>{}) {
        languages.push_back(share.language);
        languages.insert(languages.end(), share.fallback.begin(), share.fallback.end());
    }
    const auto words = note ? screen_words(*note, languages) : ScreenWords{};
    for (auto& outlet : outlets_) outlet->show({words.text, words.locale});
}

BoardView Board::view() const {
    BoardView view;
    view.board = view.place = config_.place;
    view.version = RIVERLIGHT_VERSION;
    view.clock = clock_.read();
    view.mode = start_.mode;
    if (!normal()) view.notices.push_back(start_.words);
    view.journal = journal_.state();
    if (programme_) {
        view.place_name = programme_->place.name;
        view.zone = programme_->place.zone;
        view.release = programme_->content->release;
        view.signed_until = programme_->content->signed_until;
    }
    if (!fault_.empty())
        view.syncing = fault_;
    else if (follower_ && !follower_->fault().empty())
        view.syncing = "What the channel has now was not taken: " + follower_->fault() + still_on;
    if (follower_) {
        view.fetching = follower_->doing();
        for (auto& words : follower_->complaints()) view.notices.push_back(std::move(words));
    }
    if (follower_ && !follower_->damage().empty()) view.notices.push_back(follower_->damage());
    if (programme_ && !programme_->content->missing.empty()) {
        const auto count = std::to_string(programme_->content->missing.size());
        view.notices.push_back(
            start_.factory
                ? count +
                      " media files of the factory loop are missing or damaged; what needs them does not "
                      "air. Put the board's image onto its card anew."
                : count +
                      " media files of the release are not here yet; what needs them does not air until "
                      "they are.");
    }
    for (auto& words : rendition_validator_->complaints()) view.notices.push_back(std::move(words));
    // Until the office has heard from the new one, and knows.
    if (view.journal.receipted == 0 && !journal_.why_rotated().empty())
        view.notices.push_back(journal_.why_rotated());
    if (auto words = mode_before(); !words.empty()) view.notices.push_back(std::move(words));
    view.stick = stick_watch_.told(read_stick_note(config_.state), stick_is_being_imported(config_.state),
                                   view.clock.monotonic.time_since_epoch().count());
    if (view.stick && view.stick->state == StickNote::State::failed)
        view.notices.push_back("Stick: " + view.stick->words);
    if (reporter_) view.report = reporter_->view();
    for (const auto& outlet : outlets_) view.outlets.push_back(outlet->view());
    return view;
}

/// For a day: that the board has run with less than all.
std::string Board::mode_before() const {
    const auto run = journal_.fact(content::journal_facts::reduced_run);
    const auto now = clock_.read().now;
    if (!run || now < run->taken_over || now - run->taken_over > 24h) return {};
    return "All runs again since " + to_rfc3339(run->taken_over).substr(0, 16) + "Z. Before: " + run->why;
}

/// What the office should hear of at once: what is on air, and what is wrong.
std::string Board::pulse() const {
    std::string out;
    for (const auto& outlet : outlets_) {
        const auto seen = outlet->view();
        out += seen.id + (seen.on_air ? ' ' + seen.on_air->airing : std::string(" slate")) + ';';
    }
    return out + fault_;
}

std::int64_t Board::disk_free() const {
    std::error_code ec;
    const auto space = std::filesystem::space(config_.state, ec);
    return ec ? -1 : static_cast<std::int64_t>(space.available);
}

}  // namespace riverlight::firmware
