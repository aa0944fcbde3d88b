#include "firmware/board.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <filesystem>

#include "content/airing/time_fix.hpp"
#include "content/store/layout.hpp"
#include "firmware/journal/time_fixes.hpp"
#include "firmware/nearby/avahi.hpp"
#include "firmware/setup.hpp"
#include "firmware/start/state_folder.hpp"
#include "scheduler/campaign/read.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

/// The age of the image whose release plays in a lesser mode: it cannot be earlier.
Instant image_time(const Beginning& start, const content::Store& store) {
    return start.mode == Mode::normal ? Instant{} : content::read_last_contact({store.root()}).value_or(Instant{});
}

}  // namespace

Board::Board(asio::io_context& loop, Config config, Beginning& start,
             const std::vector<std::string>& left_behind)
    : loop_(loop),
      config_(std::move(config)),
      start_(start),
      endurance_(config_.safe_mode.lasts),
      journal_(start.keep + "/journal.db", config_.place),
      store_(start.store.empty() ? start.keep + "/no-store" : start.store),
      clock_(journal_.fact(content::journal_facts::latest_sure_time).value_or(Instant{}), system_time(),
             image_time(start, store_)),
      minute_(loop),
      outlook_(loop),
      server_(loop, config_.listen,
              [this](const http::Request& request) { return status_response(request, view()); }) {
    const auto cut = journal_.close_interrupted("the board stopped or lost power while this was on air");
    if (cut > 0) spdlog::info("{} airings were cut off when the board last stopped", cut);
    keep_journal();
    if (normal())
        for (const auto& folder : left_behind) take_over(folder);
    add_outlets();
    if (config_.office)
        reporter_ = std::make_unique<Reporter>(
            loop_,
            ReportSetup{config_.office->url, config_.office->ca_file, config_.office->claim_code,
                        config_.place, config_.state + "/board.key", [this] { return clock_.read().now; }},
            journal_, [this] { return health_json(view(), disk_free()); }, [this] { return pulse(); });
    if (start_.factory)
        take_factory();
    else
        take_stored();
    if (!programme_)
        for (auto& outlet : outlets_) outlet->play(nullptr);
    keep_time();
    began_us_ = clock_.read().monotonic.time_since_epoch().count();
    speak_of_stick();
    look_out();
    if (!normal()) return;
    start_nearby();
    start_following();
}

Board::~Board() = default;

void Board::stop() {
    if (follower_) follower_->stop();
    minute_.cancel();
    outlook_.cancel();
    note_time();
    if (reporter_) reporter_->stop();
    for (auto& outlet : outlets_) outlet->stop();
}

bool Board::fetching() const {
    return (follower_ && follower_->busy()) || (reporter_ && reporter_->is_busy());
}

void Board::add_outlets() {
    const auto media = store_.root() + "/media";
    rendition_validator_ = std::make_unique<RenditionValidator>(
        loop_, RenditionValidator::Setup{player_of(config_), media, feeds_of(config_), config_.player_memory_mb});
    for (const auto& outlet : config_.outlets) {
        auto setup = setup_of(config_, outlet, start_.keep, media);
        setup.is_refused = [this, profile = outlet.profile](const auto& path) {
            return rendition_validator_->is_refused(profile, path);
        };
        setup.in_service_since = [this] { return there_since(); };
        outlets_.push_back(
            std::make_unique<OutletRunner>(loop_, std::move(setup), journal_, [this] { return clock_.read(); }));
    }
}

void Board::start_following() {
    auto setup = follow_setup(config_, store_.root());
    if (neighbours_) setup.nearby = [this] { return neighbours_->found(); };
    follower_ = std::make_unique<Follower>(
        loop_, std::move(setup), [this] { return clock_.read(); }, [this] { return media_in_use(); },
        [this](bool changed) {
            if (changed || !programme_) take_stored();
            return programme_ != nullptr;
        });
    follower_->start();
}

/// Media to and from other boards in the same network, as far as that is set up.
void Board::start_nearby() {
    const auto& nearby = config_.nearby;
    if (!nearby.serve.empty()) {
        media_server_ =
            std::make_unique<MediaServer>(nearby.serve, store_.root() + "/media", nearby.bytes_per_second);
        spdlog::info("media for boards nearby on port {}", media_server_->port());
    }
    if (!media_server_ && !nearby.find) return;
    neighbours_ = std::make_unique<AvahiNeighbours>(
        AvahiSetup{config_.place, media_server_ ? media_server_->port() : std::uint16_t{0}, nearby.find,
                   [](const std::string& words) { spdlog::warn("{}", words); }});
}

/// Puts the stored release on the outlets.
void Board::take_stored() {
    try {
        put_on(store_.load());
    } catch (const Error& e) {
        fault_ = e.what();
        spdlog::error("{}", e.what());
    }
}

/// Hashes the factory loop's media on a thread of its own, the slate is on meanwhile; then puts it on.
void Board::take_factory() {
    hashing_ = std::async(std::launch::async, [this, store = store_] {
        std::string fault = "The factory loop " + store.root() + " holds no release; make it anew.";
        std::optional<content::ContentSet> loaded;
        try {
            if ((loaded = store.load_whole())) fault.clear();
        } catch (const std::exception& e) {
            fault = std::string("The factory loop does not play: ") + e.what() + '.';
        }
        asio::post(loop_, [this, fault, set = std::make_shared<decltype(loaded)>(std::move(loaded))] {
            fault_ = fault;
            if (!fault.empty()) return spdlog::error("{}", fault);
            try {
                put_on(std::move(*set));
            } catch (const Error& e) {
                fault_ = std::string("The factory loop does not play: ") + e.what() + '.';
                spdlog::error("{}", fault_);
            }
        });
    });
}

/// The place by whose schedule is played.
const content::Place* Board::place_in(const content::ContentSet& content) const {
    const auto* place = content.catalogue.place(config_.place);
    return !place && start_.factory ? content.catalogue.place(config_.factory.place) : place;
}

void Board::put_on(std::optional<content::ContentSet> loaded) {
    if (!loaded) return;
    auto content = std::make_shared<const content::ContentSet>(std::move(*loaded));
    clock_.set_signed_until(content->signed_until);
    const auto* place = place_in(*content);
    if (!place)
        throw Error((start_.factory ? "it knows no place '" : "the channel knows no place '") +
                    config_.place + "'; correct [place] id, or have the country's coordinator add it" +
                    (start_.factory ? ", or name one as [factory] place" : ""));
    const auto text = content->schedules.find(place->schedule);
    if (text == content->schedules.end())
        throw Error("the channel has no schedule '" + place->schedule + "', which " + place->id + " follows");
    auto programme = std::make_shared<Programme>();
    programme->schedule = scheduler::read_schedule_json(text->second, place->schedule);
    programme->place = *place;
    programme->content = content;
    if (programme_) acknowledge_withdrawals(*programme_, *programme);
    programme_ = programme;
    fault_.clear();
    for (auto& outlet : outlets_) outlet->play(programme_);
    rendition_validator_->validate(*programme_);
    spdlog::info("release {} is on", content->release);
}

/// Notes in the journal what the country no longer clears, whether or not it was on: the office sees that
/// the withdrawal has arrived.
void Board::acknowledge_withdrawals(const Programme& had, const Programme& has) {
    const auto* before = had.content->catalogue.country_of(had.place);
    const auto* after = has.content->catalogue.country_of(has.place);
    if (!before || !after) return;
    const auto clock = clock_.read();
    const auto day = scheduler::local_day_of(clock.now, has.place.zone).day;
    for (const auto& gone : content::withdrawn(*before, *after, day)) {
        content::AiringRecord record;
        record.kind = content::RecordKind::withdrawal;
        record.place = config_.place;
        record.segment = gone.segment;
        record.revision = gone.revision;
        record.locale_asked = gone.locale;
        record.planned_start = record.planned_end = clock.now;
        record.clock = clock.state;
        record.clock_error = clock.error;
        record.status = content::AiringStatus::skipped;
        record.reason = "withdrawn: " + has.place.country + " no longer clears it; heard with release " +
                        has.content->release;
        record.outlet = outlets_.empty() ? "" : outlets_.front()->view().id;
        spdlog::warn("{} in {}: {}", gone.segment, gone.locale, record.reason);
        static_cast<void>(journal_.add(std::move(record)));
    }
}

/// Media that players have or are about to open.
std::set<std::string> Board::media_in_use() const {
    std::set<std::string> names;
    for (const auto& outlet : outlets_) names.merge(outlet->media());
    return names;
}

/// What aired in a run that could not write this journal, and why that was.
void Board::take_over(const std::string& folder) {
    const auto path = folder + "/journal.db";
    try {
        if (!fs::exists(path)) return;
        {
            Journal other(path, config_.place);
            other.close_interrupted("the board stopped or lost power while this was on air");
            const auto taken = journal_.take_over(other);
            spdlog::info("{} airings were taken over from {}", taken, path);
            if (const auto why = other.fact(content::journal_facts::start_mode))
                journal_.set_fact(content::journal_facts::reduced_run, {clock_.read().now, *why});
        }
        for (const auto* part : {"", "-wal", "-shm"}) fs::remove(path + part);
    } catch (const std::exception& e) {
        spdlog::error("{}", e.what());
    }
}

/// How a start stands: whether it has lasted; in a lesser mode, whether there is a way out of it.
void Board::look_out() {
    outlook_.expires_after(5s);
    outlook_.async_wait([this](const auto& ec) {
        if (ec) return;
        try {
            if (more_is_possible()) return on_more();
            note_lasting();
            note_time_fix();
            speak_of_stick();  // whose silence is measured from one look to the next, too
        } catch (const Error& e) {
            spdlog::error("{}", e.what());
        }
        look_out();
    });
}

bool Board::more_is_possible() {
    if (start_.mode == Mode::no_state) return state_fault(config_.state, config_.own_partition).empty();
    if (start_.mode != Mode::safe) return false;
    if (start_.starts->removed()) return true;
    if (microseconds(clock_.read().monotonic.time_since_epoch().count() - began_us_) <
        config_.safe_mode.tries_again)
        return false;
    start_.starts->leave_at(config_.safe_mode.failed_starts - 1);  // the next that fails leads back here
    return true;
}

/// Once in a boot, where airings came before the time was known.
void Board::note_time_fix() {
    const auto clock = clock_.read();
    if (time_fixed_ || clock.state != content::ClockState::synchronised) return;
    const auto boot = boot_id();
    // What is on air is not among the journal's closed records yet.
    const bool on_air = std::any_of(outlets_.begin(), outlets_.end(), [](const auto& outlet) {
        const auto seen = outlet->view();
        return seen.on_air && needs_time_fix(*seen.on_air);
    });
    if (boot != "unknown" && (on_air || lacks_time_fix(journal_, boot)))
        static_cast<void>(journal_.add(content::record_of(
            content::TimeFix{config_.place, boot, clock.now, clock.monotonic, clock.error}, config_.place)));
    time_fixed_ = true;
}

void Board::note_lasting() {
    if (!start_.starts || lasted_) return;
    std::vector<std::int64_t> frames;
    for (const auto& outlet : outlets_) {
        const auto seen = outlet->view();
        frames.push_back(seen.closed ? Endurance::closed : seen.frames);
    }
    if (!endurance_.lasted(clock_.read().monotonic.time_since_epoch().count(), frames)) return;
    if (normal())
        start_.starts->lasted();
    else
        start_.starts->leave_at(config_.safe_mode.failed_starts);  // and stays in safe mode
    lasted_ = true;
}

/// The latest instant that is sure, so that a clock that starts in 1970 is known for what it is.
void Board::keep_time() {
    clock_.advance();
    const auto clock = clock_.read();
    if (clock.state == content::ClockState::synchronised) note_time();
    keep_journal();
    minute_.expires_after(60s);
    minute_.async_wait([this](const auto& ec) {
        if (!ec) keep_time();
    });
}

/// Goes on in a new journal where the disk gave back other bytes than it took.
void Board::keep_journal() {
    try {
        if (journal_.rotate_if_damaged()) spdlog::error("{}", journal_.why_rotated());
        static_cast<void>(there_since());
        const auto& mode = content::journal_facts::start_mode;
        if (!normal() && journal_.fact(mode) != start_.words) journal_.set_fact(mode, start_.words);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

/// Where it cannot be noted: as it was last.
Instant Board::there_since() {
    const auto clock = clock_.read();
    try {
        since_ =
            service_start_.at(clock.now, clock.state == content::ClockState::synchronised, clock.monotonic);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
    return since_;
}

void Board::note_time() {
    try {
        journal_.set_fact(content::journal_facts::latest_sure_time, clock_.mark_sure());
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

}  // namespace riverlight::firmware
