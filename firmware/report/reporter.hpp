#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "firmware/journal/journal.hpp"
#include "firmware/report/backoff.hpp"
#include "firmware/report/board_key.hpp"
#include "firmware/report/office_connection.hpp"

/// Brings the journal to the office: enrols the board once, then sends health reports and batches of records
/// until the office holds all of them. A board may be without network for months: the journal keeps its
/// records, and the reporter tries again.
namespace riverlight::firmware {

struct ReportSetup {
    std::string url, ca_file;
    std::string claim_code;  ///< needed until enrolled
    std::string place;
    std::string key_file;            ///< the board's signing key; made on first use, mode 0600
    std::function<Instant()> now{};  ///< the board's own time, any thread; absent: the system's clock
};

enum class ReportState {
    enrolling,  ///< has asked, or is about to ask, to join the office
    pending,    ///< waits for a person at the office to approve it
    reporting,
    refused,  ///< the office refuses it, or it has no claim code: a person must act
};
[[nodiscard]] std::string_view to_text(ReportState state);

struct ReportView {
    ReportState state = ReportState::enrolling;
    std::string fingerprint;  ///< of the board's key: an operator compares it before approving
    std::string fault;        ///< why nothing gets through, a sentence; empty if it does
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

  private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Worker;
    enum class Message { enrolment, health, batch };
    /// When each kind of message was sent last; absent: not yet, or to be sent again.
    struct Sent {
        std::optional<SteadyTime> health, batch;
        std::string pulse;
    };

    void schedule(std::chrono::milliseconds delay);
    void send_next();
    bool send_health(SteadyTime now);
    bool send_batch(SteadyTime now);
    void send(Message message, OfficeRequest request);
    void handle(Message message, const OfficeAnswer& answer);
    void handle_enrolment(const std::string& body);
    [[nodiscard]] std::string enrolment_file() const;
    [[nodiscard]] bool handle_receipt(const std::string& body);
    void handle_refusal(Message message, const OfficeAnswer& answer);
    [[nodiscard]] bool has_forked(std::int64_t seq) const;
    [[nodiscard]] std::chrono::milliseconds next_backoff(
        std::optional<std::chrono::seconds> retry_after = std::nullopt);

    // 14 members: what it was given (five), what it knows of the office (four), and what it has under way.
    boost::asio::io_context& loop_;
    const ReportSetup setup_;
    Journal& journal_;
    const std::function<std::string()> health_, pulse_;
    BoardKey key_;
    const std::string board_;
    std::string office_key_;  ///< empty: not enrolled
    ReportView view_;
    Sent sent_;
    Backoff backoff_;
    boost::asio::steady_timer timer_;
    bool stopping_ = false;
    /// Posted work holds a weak_ptr to it, and does nothing once the reporter is gone.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    std::unique_ptr<Worker> worker_;  ///< last: its thread ends before the members that it uses
};

}  // namespace riverlight::firmware
