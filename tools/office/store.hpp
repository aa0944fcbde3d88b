#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/enrolment.hpp"
#include "content/airing/record.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/instant.hpp"
#include "tools/office/outcome.hpp"

/// What the office keeps: users, claims, boards, airings, the plans of days gone by. SQLite (WAL,
/// synchronous=FULL): a call that returns is on disk, so a receipt never promises more than a power cut
/// leaves. The only part of the office that knows SQLite.
namespace riverlight::office {

using content::AiringRecord;
using content::BoardState;

struct Claim {
    std::string place, board;
    Instant expires{};
    std::string used_by;  ///< public key, hex; empty: not yet used
};

struct BoardRow {
    std::string board, place, public_key;
    BoardState state = BoardState::pending;
    Instant enrolled{};
    std::string version;
    std::optional<Instant> heard;
    std::string health;  ///< JSON as the board sent it; empty: none yet
};

/// Of one board and epoch: the highest seq held without a hole, and its hash.
struct Held {
    std::int64_t seq = 0;
    std::string head;
};

/// Where a place lies: what an airing is filed under.
struct PlaceFacts {
    std::string country;  ///< upper case; empty: the channel does not know the place (yet)
    std::string zone = "UTC";
    std::chrono::minutes day_start{0};  ///< where the place's broadcast day begins, local
};

struct AiringRow {
    std::int64_t id = 0;
    AiringRecord record;
    std::string country;
    /// The place's broadcast day: of when it really was, where its board did not know the time then; else by
    /// planned start (by start where it was not planned).
    std::chrono::local_days day{};
    std::optional<content::CorrectedTimes> placed;  ///< `record` keeps the board's own stamps
    [[nodiscard]] std::optional<Instant> started() const { return placed ? placed->started : record.started; }
    [[nodiscard]] std::optional<Instant> ended() const { return placed ? placed->ended : record.ended; }
};

struct AiringFilter {
    std::optional<std::chrono::local_days> from, until;             ///< both included
    std::string country, locale, campaign, segment, status, board;  ///< empty: all
};

/// Where a page of airings goes on: after this row.
struct Cursor {
    std::string at;  ///< RFC 3339
    std::int64_t id = 0;
};

[[nodiscard]] Cursor cursor_after(const AiringRow& row);

struct AlarmRow {
    Instant at{};
    std::string board, text;
};

/// Owner: one thread. Other processes (the command line) may have the same file open.
class OfficeStore {
  public:
    /// Opens or makes `folder`/office.db. Throws Error naming the file.
    explicit OfficeStore(const std::string& folder);
    ~OfficeStore();

    /// Adds a user or sets a new password (as hash_password wrote it); that user's sessions end.
    void set_user(const std::string& name, const std::string& password_hash);
    [[nodiscard]] std::string password_hash(const std::string& name) const;  ///< empty: no such user
    [[nodiscard]] bool has_users() const;
    void add_session(const std::string& token_hash, const std::string& user, Instant now);
    /// The user of a session younger than `longest` and used since `idle` ago; notes its use.
    [[nodiscard]] std::string session_user(const std::string& token_hash, Instant now);
    void end_session(const std::string& token_hash);

    void add_claim(const std::string& code_hash, const Claim& claim);
    [[nodiscard]] std::optional<Claim> claim(const std::string& code_hash) const;
    /// One transaction: the claim is used by that key, and the board waits for approval under it.
    void enrol(const std::string& code_hash, const BoardRow& board);

    [[nodiscard]] std::vector<BoardRow> boards() const;
    [[nodiscard]] std::optional<BoardRow> board(const std::string& id) const;
    void set_board_state(const std::string& id, BoardState state);
    void set_health(const std::string& board, const std::string& version, const std::string& health,
                    Instant now);
    void set_heard(const std::string& board, Instant now);

    [[nodiscard]] Held held(const std::string& board, const std::string& epoch) const;
    /// The epoch that the board's last airing came under; empty: none came yet.
    [[nodiscard]] std::string last_epoch(const std::string& board) const;
    /// The hash held under a seq; empty: none.
    [[nodiscard]] std::string hash_of(const std::string& board, const std::string& epoch,
                                      std::int64_t seq) const;
    /// One transaction: all of them or none. They follow what is held. One that a board took over from the
    /// journal before (`journal_before` of its evidence) and that is held from there counts once. A time fix
    /// among them, or held already, places the airings of its boot; they are filed anew.
    void add_airings(const std::vector<AiringRecord>& records, const PlaceFacts& place);
    /// Files airings of a place that was not known when they came.
    void file_airings(const std::string& place, const PlaceFacts& facts);

    /// Newest first.
    [[nodiscard]] std::vector<AiringRow> airings(const AiringFilter& filter,
                                                 const std::optional<Cursor>& after, std::size_t count) const;
    [[nodiscard]] std::int64_t count(const AiringFilter& filter, std::int64_t at_most) const;
    /// What a column (country, locale, campaign, segment) holds, sorted: for a filter's choices.
    [[nodiscard]] std::vector<std::string> values_of(std::string_view column) const;
    /// What the records of one place and day report; airings without a status are left out.
    [[nodiscard]] std::vector<Outcome> outcomes(const std::string& place, std::chrono::local_days day) const;

    /// The plan kept for a place and day; empty: none.
    [[nodiscard]] std::string plan(const std::string& place, std::chrono::local_days day) const;
    void set_plan(const std::string& place, std::chrono::local_days day, const std::string& json);

    void add_alarm(const AlarmRow& alarm);
    [[nodiscard]] std::vector<AlarmRow> alarms(Instant since, std::size_t count) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Where an airing belongs in time: planned start, or start, or nothing known (the epoch).
[[nodiscard]] Instant time_of(const AiringRecord& record);

}  // namespace riverlight::office
