#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "content/airing/record.hpp"
#include "content/journal/facts.hpp"
#include "content/journal/reader.hpp"

/// The journal's file, for this room and firmware/journal alone.
namespace riverlight::content {

/// Whether SQLite reports that the file's bytes are not a database, or not the one that it wrote.
[[nodiscard]] bool is_damage(const SQLite::Exception& fault);

/// What any other of SQLite's faults means.
[[nodiscard]] JournalFault kind_of(const SQLite::Exception& fault);

/// How a record, closed or open, is found: two outlets of a board may follow the same plan.
[[nodiscard]] std::string record_key(const AiringRecord& record);

/// One open journal file. One thread. Every SQL statement runs inside guarded().
class JournalFile {
  public:
    enum class Mode {
        read,     ///< changes nothing; the file must exist
        write,    ///< makes the file and its tables if they are not there
        salvage,  ///< as write, without looking at the file first: to copy what can be read of a damaged one
    };
    /// Throws JournalRefused, or JournalDamaged if it is no journal.
    JournalFile(const std::string& path, Mode mode);

    /// Runs `work`; SQLite's faults become JournalRefused with the file's name and what to do, or
    /// JournalDamaged if the file is damaged.
    template <typename Work>
    static auto guarded(const std::string& path, const Work& work) -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& e) {
            if (is_damage(e)) throw JournalDamaged(path + ": the journal is damaged (" + e.what() + ")");
            throw JournalRefused(kind_of(e), path,
                                 std::string("the journal could not be read or written (") + e.what() +
                                     "); check that the disk is there and not full");
        }
    }
    template <typename Work>
    auto guarded(const Work& work) const -> decltype(work()) {
        return guarded(path_, work);
    }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] SQLite::Database& db() { return db_; }
    [[nodiscard]] const SQLite::Database& db() const { return db_; }

    [[nodiscard]] std::string note(const std::string& key) const;  ///< empty: none
    void set_note(const std::string& key, const std::string& value);
    template <class Value>
    [[nodiscard]] std::optional<Value> fact(const JournalFact<Value>& fact) const {
        const auto text = note(fact.key);
        return text.empty() ? std::nullopt : fact.from_text(text);
    }
    template <class Value>
    void set_fact(const JournalFact<Value>& fact, const Value& value) {
        set_note(fact.key, fact.to_text(value));
    }

    /// Seq and hash of the last record; 0 and first_previous() of an empty epoch.
    [[nodiscard]] std::pair<std::int64_t, std::string> head() const;
    [[nodiscard]] JournalState state() const;
    /// Records from seq `from`, at most `count` rows. A row that is no record is left out if the office holds
    /// it; else throws JournalDamaged.
    [[nodiscard]] std::vector<AiringRecord> read(std::int64_t from, std::size_t count) const;
    /// As JournalReader::verify().
    [[nodiscard]] std::string verify() const;

  private:
    std::string path_;
    SQLite::Database db_;
};

}  // namespace riverlight::content
