#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "firmware/journal/journal.hpp"
#include "firmware/report/backoff.hpp"
#include "firmware/report/board_key.hpp"
#include "firmware/report/office_audit.hpp"
#include "firmware/report/office_connection.hpp"
#include "firmware/report/refusal_search.hpp"

/// Brings the journal to the office: enrols the board once, then sends health reports and batches of records
/// until the office holds all of them. A board may be without network for months: the journal keeps its
/// records, and the reporter tries again. Health reports and records fail independently; a record that the
/// office does not accept is set aside (refusal_search.hpp).
namespace riverlight::firmware {

struct ReportSetup {
    std::string url, ca_file;
    std::string claim_code;  ///< needed until enrolled
    std::string place;
    std::string key_file;            ///< the board's signing key; made on first use, mode 0600
    std::function<Instant()> now{};  ///< the board's own time, any thread; absent: the system's clock
    /// The office's time, from an answer that only it can give: one with a receipt that it signed.
    std::function<void(Instant)> on_office_time{};
};

enum class ReportState {
    enrolling,  ///< has asked, or is about to ask, to join the office
    pending,    ///< waits for a person at the office to approve it
    reporting,
    refused,  ///< the office refuses it, or it has no claim code: a person must act
};
[[nodiscard]] std::string_view to_text(ReportState state);

/// What keeps a message from getting through.
enum class ReportProblem : std::uint8_t {
    none,
    no_claim_code,      ///< not enrolled, and nothing to enrol with
    key_given_up,       ///< the same, since the key belongs to another device
    enrolment_refused,  ///< the claim code is not accepted
    not_approved,       ///< a person at the office has to approve the board
    unreachable,        ///< no answer came
    refused,            ///< an answer that a person must act on
    failing,            ///< an answer that may be another one later
    bad_answer,         ///< an answer that no office gives
    journal,            ///< the journal could not be read
    lost_there,         ///< the office lost what it held, and gets it again
};

struct ReportView {
    ReportState state = ReportState::enrolling;
    std::string fingerprint;  ///< of the board's key: an operator compares it before approving
    std::string fault;        ///< of the worse problem below, in the words of office and network
    ReportProblem airings = ReportProblem::none;  ///< why no records get through; of the enrolment, too
    ReportProblem health = ReportProblem::none;   ///< why no health reports get through
    std::string run{},
        after{};  ///< this run of the program, and the one before it (content/airing/health.hpp)
    std::optional<Instant> two_boards{};  ///< since when another device reports with this board's key
    bool gives_up_key = false;            ///< the key is the other device's: this one has to enrol again
    std::optional<content::AuditFinding> changed_past{};  ///< what the office changed (office_audit.hpp)
};

/// Loop thread; requests block on a thread of its own.
class Reporter {
  public:
    /// `health` makes the body of a health report. `pulse` is a short text that changes when the office
    /// should know at once (another item on air, a new alarm).
    Reporter(boost::asio::io_context& loop, ReportSetup setup, Journal& journal,
             std::function<std::string()> health, std::function<std::string()> pulse);
    ~Reporter();
    Reporter(const Reporter&) = delete;
    /// Sends nothing more and cancels the request under way.
    void stop();
    /// True while a request is under way.
    [[nodiscard]] bool is_busy() const;
    [[nodiscard]] ReportView view() const;
    /// What the channel says that the office signed of its list (content/audit): the next audit finds out
    /// whether the office shows this board the same.
    void compare_with(const std::string& published_head);

  private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Worker;
    enum class Message : std::uint8_t { enrolment, health, batch, audit };
    /// How messages of one kind fare. A kind that is refused waits by itself: it never holds up the others.
    struct Lane {
        std::optional<SteadyTime> sent{};  ///< absent: not yet, or to be sent again
        SteadyTime due{};                  ///< not before
        Backoff backoff{};
        ReportProblem problem = ReportProblem::none;
        std::string fault{};
    };

    void schedule(std::chrono::milliseconds delay);
    void send_next();
    void send_enrolment();
    bool send_health(SteadyTime now);
    bool send_batch(SteadyTime now);
    bool send_audit(SteadyTime now);
    [[nodiscard]] std::optional<content::Batch> make_batch(const BatchPlan& plan) const;
    void send(Message message, OfficeRequest request);
    void handle(Message message, const OfficeAnswer& answer);
    void handle_enrolment(const std::string& body);
    [[nodiscard]] std::string enrolment_file() const;
    void handle_receipt(const std::string& body);
    void handle_health_answer(const std::string& body);
    void give_up_key();
    void handle_refusal(Message message, const OfficeAnswer& answer);
    /// Whether the refusal is about what the batch holds; then it is dealt with.
    [[nodiscard]] bool search_bad_record(const OfficeAnswer& answer);
    void start_epoch_behind_suspect();
    void note_set_aside();
    [[nodiscard]] bool has_forked(std::int64_t seq) const;
    [[nodiscard]] Lane& lane(Message message) { return lanes_.at(static_cast<std::size_t>(message)); }
    [[nodiscard]] std::string describe_pending() const;
    void succeed(Message message);
    void fail(Message message, ReportProblem problem, const std::string& fault,
              std::optional<std::chrono::seconds> retry_after = {});

    // 21 members: what it was given (five), what it knows of itself and the office, and what it has under
    // way.
    boost::asio::io_context& loop_;
    const ReportSetup setup_;
    Journal& journal_;
    const std::function<std::string()> health_, pulse_;
    BoardKey key_;
    const std::string board_;
    std::string office_key_;  ///< empty: not enrolled
    const std::string run_, after_;
    std::optional<Instant> two_boards_;
    bool gives_up_key_ = false;  ///< as soon as the office holds all records
    ReportState state_ = ReportState::reporting;
    std::array<Lane, 4> lanes_;         ///< by Message
    std::optional<OfficeAudit> audit_;  ///< absent: not enrolled
    std::string sent_pulse_;
    std::string epoch_;  ///< which `search_` is about
    RefusalSearch search_;
    BatchPlan sent_batch_;  ///< the batch under way, or the last one
    boost::asio::steady_timer timer_;
    bool stopping_ = false;
    /// Posted work holds a weak_ptr to it, and does nothing once the reporter is gone.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    std::unique_ptr<Worker> worker_;  ///< last: its thread ends before the members that it uses
};

}  // namespace riverlight::firmware
