#include "firmware/report/office_audit.hpp"

#include <spdlog/spdlog.h>

#include "content/base/crypto.hpp"
#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
using content::AuditResult;

constexpr std::chrono::hours at_least{23};
constexpr std::chrono::minutes spread{120};  // boards that started together do not ask together
constexpr std::chrono::days shown_for{30};

}  // namespace

OfficeAudit::OfficeAudit(Journal& journal, std::string office_key)
    : journal_(journal), office_key_(std::move(office_key)), finding_(journal.fact(facts::audit_finding)) {
    const auto kept = journal.fact(facts::tree_head);
    if (!kept) return;
    try {
        seen_ = content::parse_tree_head(*kept, office_key_);
    } catch (const Error&) {  // of the office before this one
    }
}

void OfficeAudit::compare_with(const std::string& published_head) {
    try {
        auto head = content::parse_tree_head(published_head, office_key_);
        if (published_ == head) return;
        published_ = std::move(head);
        is_compared_ = false;
        due_ = {};
    } catch (const Error& e) {
        spdlog::warn("the channel's copy of the office's {}", e.what());
    }
}

std::optional<content::AuditRequest> OfficeAudit::next(SteadyTime now) {
    if (now < due_) return {};
    const auto known = journal_.state();
    if (known.receipted < 1) return {};
    const auto from = 1 + random_below(static_cast<std::uint32_t>(known.receipted));
    const auto records = journal_.read(from, 1);  // what made room is not here any more: the one behind it
    if (records.empty() || records.front().seq > known.receipted) return {};
    const auto& record = records.front();
    reference_ = is_compared_ ? seen_ : published_;
    asked_ = {known.board, known.epoch, record.seq, record.hash, reference_ ? reference_->size : 0};
    return asked_;
}

void OfficeAudit::wait(SteadyTime now) {
    asked_.reset();
    due_ = now + at_least + std::chrono::minutes(random_below(static_cast<std::uint32_t>(spread.count())));
}

void OfficeAudit::skip(SteadyTime now) {
    wait(now);
}

void OfficeAudit::note(AuditResult result, const content::TreeHead& after) {
    finding_ = {result, reference_ ? reference_->at : after.at, after.at,
                reference_ ? content::write_tree_head(*reference_) : "", content::write_tree_head(after)};
    journal_.set_fact(facts::audit_finding, *finding_);
    spdlog::error("the office's list of records is not what it was: {}; record {} of epoch {}",
                  content::to_text(result), asked_->seq, asked_->epoch);
}

void OfficeAudit::handle(const std::string& body, SteadyTime now) {
    const auto answer = content::parse_audit_answer(body, office_key_);
    if (!asked_) return;
    const bool is_of_published = !is_compared_ && reference_ == published_;
    auto result = content::check(*asked_, answer, reference_);
    if (is_of_published && (result == AuditResult::rewritten || result == AuditResult::shrunk))
        result = AuditResult::other_history;
    if (result != AuditResult::holds) {
        note(result, answer.head);
    } else if (finding_ && answer.head.at - finding_->found > shown_for) {
        finding_.reset();
        journal_.clear_fact(facts::audit_finding);
    }
    wait(now);
    if (is_of_published) {
        is_compared_ = true;
        if (seen_) {
            due_ = {};  // whether the list goes on from the one that this board saw is asked next
            return;
        }
    }
    // Also where it changed the list: the next change is found against this one.
    seen_ = answer.head;
    journal_.set_fact(facts::tree_head, content::write_tree_head(*seen_));
}

}  // namespace riverlight::firmware
