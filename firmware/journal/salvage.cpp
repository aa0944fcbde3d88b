#include "firmware/journal/salvage.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "firmware/journal/journal_state.hpp"
#include "firmware/journal/record_copy.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = 256U << 10, longest_record = 64U << 10, rows_at_once = 100;
constexpr std::string_view begin_of_record = R"({"airing":")";  // its first key in canonical JSON

/// How long the JSON object is that `text` begins with; 0: it does not end in `text`.
std::size_t length_of_object(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t n = 0; n < text.size(); ++n) {
        const char c = text[n];
        if (quoted) {
            if (c == '\\') ++n;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return n + 1;
        }
    }
    return 0;
}

/// Nothing for what is no whole record.
std::optional<content::AiringRecord> whole_record(std::string_view json) {
    try {
        auto record = content::parse_record(json, "record");
        if (record.status && record.hash == record_hash(record)) return record;
    } catch (const Error&) {
        // bytes that only begin like one
    }
    return {};
}

bool is_copy(const std::string& file) {
    return file.ends_with(".jsonl");
}

/// The hash under which the record was written first, before any copy.
const std::string& first_hash(const content::AiringRecord& record) {
    const auto before = record.evidence.find(content::evidence_journal_before);
    return before == record.evidence.end() ? record.hash : before->second;
}

}  // namespace

RecordScan::RecordScan(const std::string& path) : file_(path, std::ios::binary) {}

std::optional<std::vector<content::AiringRecord>> RecordScan::next() {
    const auto had = rest_.size();
    rest_.resize(had + piece);
    file_.read(rest_.data() + had, static_cast<std::streamsize>(piece));
    const auto got = static_cast<std::size_t>(std::max<std::streamsize>(file_.gcount(), 0));
    rest_.resize(had + got);
    if (got == 0) return {};
    const bool more = got == piece;
    std::vector<content::AiringRecord> found;
    std::size_t at = 0, keep = rest_.size() - std::min(rest_.size(), begin_of_record.size());
    while ((at = rest_.find(begin_of_record, at)) != std::string::npos) {
        const auto text = std::string_view(rest_).substr(at, longest_record);
        const auto length = length_of_object(text);
        if (length == 0 && more && text.size() < longest_record) {
            keep = at;  // it goes on in the next piece
            break;
        }
        auto record = whole_record(text.substr(0, length));
        at += record ? length : 1;
        if (record) found.push_back(std::move(*record));
        keep = std::max(keep, at);
    }
    rest_.erase(0, more ? keep : rest_.size());
    return found;
}

bool Journal::holds(const content::AiringRecord& record) const {
    auto& s = *state_;
    SQLite::Statement q(s.file.db(), "SELECT json FROM record WHERE airing=?");
    q.bind(1, content::record_key(record));
    while (q.executeStep()) {
        const auto held = whole_record(q.getColumn(0).getString());
        if (held && first_hash(*held) == first_hash(record)) return true;
    }
    // A record that the office refused was left behind on purpose.
    const auto notes =
        s.file.fact(content::journal_facts::set_aside_records).value_or(content::SetAsideNotes{});
    return std::any_of(notes.begin(), notes.end(),
                       [&](const auto& note) { return note.hash == record.hash; });
}

std::size_t Journal::add_salvaged(std::vector<content::AiringRecord> records) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        std::size_t added = 0;
        for (auto& record : records) {
            if (record.board != s.board || holds(record)) continue;
            record.evidence.try_emplace(content::evidence_journal_before, record.hash);
            s.append(std::move(record));
            ++added;
        }
        s.commit(transaction);
        return added;
    });
}

bool Journal::is_salvaged(const std::string& file) const {
    return !note(content::salvaged_key(file)).empty();
}

void Journal::mark_salvaged(const std::string& file) {
    set_note(content::salvaged_key(file), "1");
}

JournalSalvage::JournalSalvage(Journal& journal, const std::string& folder) : journal_(journal) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("journal-set-aside-") && name.ends_with(".db") && entry.is_regular_file(ec) &&
            !journal.is_salvaged(name))
            files_.push_back(entry.path().string());
    }
    std::sort(files_.rbegin(), files_.rend());
    auto copies = RecordCopy::find_others(folder, journal.state().epoch);
    std::erase_if(copies,
                  [&](const auto& file) { return journal.is_salvaged(fs::path(file).filename().string()); });
    files_.insert(files_.begin(), std::make_move_iterator(copies.begin()),
                  std::make_move_iterator(copies.end()));
    begin_file();
}

void JournalSalvage::begin_file() {
    scans_.clear();
    rows_.reset();
    row_ = 1;
    holds_others_ = false;
    if (files_.empty()) return;
    if (is_copy(files_.back())) {
        scans_.emplace_back(files_.back());
        return;
    }
    try {
        rows_.emplace(files_.back());
        const auto known = rows_->state();
        receipted_[known.epoch] = known.receipted;
        row_ = known.receipted + 1;
    } catch (const Error&) {
        rows_.reset();  // what its bytes still hold is found without SQLite
    }
    for (const auto* part : {"", "-wal"}) scans_.emplace_back(files_.back() + part);
}

/// The next rows as SQLite reads them; none at the end, or from where it cannot.
std::vector<content::AiringRecord> JournalSalvage::next_rows() {
    try {
        auto rows = rows_->read(row_, rows_at_once);
        if (!rows.empty()) row_ = rows.back().seq + 1;
        return rows;
    } catch (const Error&) {
        return {};
    }
}

void JournalSalvage::copy(std::vector<content::AiringRecord> records) {
    const auto& board = journal_.board();
    holds_others_ = holds_others_ || std::any_of(records.begin(), records.end(),
                                                 [&](const auto& record) { return record.board != board; });
    std::erase_if(records, [&](const content::AiringRecord& record) {
        const auto known = receipted_.find(record.epoch);
        return record.hash != record_hash(record) ||
               (known != receipted_.end() && record.seq <= known->second);
    });
    if (!records.empty()) copied_ += journal_.add_salvaged(std::move(records));
}

bool JournalSalvage::step() {
    if (files_.empty()) return false;
    if (rows_) {
        auto rows = next_rows();
        if (rows.empty()) rows_.reset();
        copy(std::move(rows));
        return true;
    }
    if (!scans_.empty()) {
        auto found = scans_.back().next();
        if (!found) scans_.pop_back();
        copy(std::move(found).value_or(std::vector<content::AiringRecord>{}));
        return true;
    }
    if (is_copy(files_.back()) && !holds_others_)
        fs::remove(files_.back());  // the journal has what it held
    else
        journal_.mark_salvaged(fs::path(files_.back()).filename().string());
    files_.pop_back();
    begin_file();
    return !files_.empty();
}

}  // namespace riverlight::firmware
