#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "content/base/crypto.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/report/backoff.hpp"
#include "firmware/report/line.hpp"

/// Brings the journal to the office: enrols the board once, then says how it is and hands over what aired,
/// batch by batch, until the office holds all of it. A board without network goes on for months; the
/// journal keeps, this tries.
namespace riverlight::firmware {

struct ReportSetup {
    std::string url, ca_file;
    std::string claim_code;  ///< needed until enrolled
    std::string place;
    std::string key_file;            ///< board's signing key; made on first use, mode 0600
    std::function<Instant()> now{};  ///< the board's own time, any thread; none: certificates by the system's
};

struct ReportView {
    std::string state;        ///< enrolling | pending | reporting | refused
    std::string fingerprint;  ///< of the board's key: what an operator compares before approving
    std::string fault;        ///< why nothing gets through, a sentence; empty if it does
};

/// On the loop's thread; exchanges block on a thread of their own.
class Reporter {
  public:
    /// `health` makes the JSON of PUT health; `pulse` is a short text of what should be told at once when it
    /// changes (what is on air).
    Reporter(boost::asio::io_context& loop, ReportSetup setup, Journal& journal,
             std::function<std::string()> health, std::function<std::string()> pulse);
    ~Reporter();
    Reporter(const Reporter&) = delete;
    /// Sends nothing more; what is under way is cut off.
    void stop();
    /// Whether an exchange is under way still.
    [[nodiscard]] bool busy() const;
    [[nodiscard]] ReportView view() const;

  private:
    struct Worker;
    enum class Sent { enrolment, health, batch };
    void look();
    void send(Sent what, Exchange exchange);
    void answered(Sent what, const Answer& answer);
    void enrolled(const std::string& body);
    void refused(Sent what, const Answer& answer);
    [[nodiscard]] bool forked_from(std::int64_t seq) const;
    void wait(std::chrono::milliseconds time);

    boost::asio::io_context& loop_;
    ReportSetup setup_;
    Journal& journal_;
    std::function<std::string()> health_, pulse_;
    SigningKey key_;
    boost::asio::steady_timer timer_;
    Backoff backoff_;
    std::string state_, fault_, office_key_, board_, pulse_sent_;
    std::optional<std::chrono::steady_clock::time_point> health_sent_, batch_sent_;
    bool stopping_ = false;
    std::shared_ptr<const bool> here_ = std::make_shared<const bool>(true);  // what was posted asks for it
    std::unique_ptr<Worker> worker_;  // last: its thread ends before what it speaks to goes
};

}  // namespace riverlight::firmware
