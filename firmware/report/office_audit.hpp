#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "content/audit/audit.hpp"
#include "content/journal/facts.hpp"

namespace riverlight::firmware {

class Journal;

/// A board's audit of its office, about once a day: of one record, picked at random from those that the
/// office gave a receipt for, the office has to prove that it holds it, and that its list of all boards'
/// records begins with the list that it showed last. The journal keeps the last head, and what was found.
/// Each head that the channel publishes is audited once, too: the list that the office shows this board must
/// go on from the one that it showed to everybody. Loop thread.
class OfficeAudit {
  public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// `journal` must outlive it. `office_key`: whose heads count, hex.
    OfficeAudit(Journal& journal, std::string office_key);

    /// A head that the channel publishes. What another office signed, or nobody, is passed over.
    void compare_with(const std::string& published_head);
    /// What to ask now; nothing if it was asked today, or if there is no receipt yet.
    [[nodiscard]] std::optional<content::AuditRequest> next(SteadyTime now);
    /// Checks the answer to the last request. Throws Error for one that no office gives.
    void handle(const std::string& body, SteadyTime now);
    /// No answer came, or an office of before audits answered: asked again a day later.
    void skip(SteadyTime now);

    /// What the office changed; stays until another finding, or for 30 days of the office's time.
    [[nodiscard]] const std::optional<content::AuditFinding>& finding() const { return finding_; }

  private:
    void wait(SteadyTime now);
    void note(content::AuditResult result, const content::TreeHead& after);

    Journal& journal_;
    std::string office_key_;
    std::optional<content::TreeHead> seen_;       ///< the last head that the office showed
    std::optional<content::TreeHead> published_;  ///< the last that the channel published
    bool is_compared_ = true;                     ///< that one was
    std::optional<content::TreeHead> reference_;  ///< of the audit under way: what the list must begin with
    std::optional<content::AuditFinding> finding_;
    std::optional<content::AuditRequest> asked_;
    SteadyTime due_{};
};

}  // namespace riverlight::firmware
