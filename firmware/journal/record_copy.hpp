#pragma once
#include <string>
#include <vector>

#include "content/base/files.hpp"

namespace riverlight::firmware {

/// The records of one epoch a second time, in a plain file beside the journal: `journal-copy-<epoch>.jsonl`,
/// a line of canonical JSON each. If the journal's file is lost, JournalSalvage finds them there. Written
/// after the journal's own commit and without fsync, so that it costs no time: a power cut may take the last
/// seconds, but the journal has those. One thread.
class RecordCopy {
  public:
    RecordCopy() = default;  ///< keeps nothing: of a journal in memory
    RecordCopy(const std::string& journal, const std::string& epoch);

    /// Adds records. A disk that cannot take them is no fault of the journal: they are missing here.
    void append(const std::vector<std::string>& records);
    /// The office holds all of them.
    void clear();

    /// Paths of the copies of other epochs in `folder`, sorted.
    [[nodiscard]] static std::vector<std::string> find_others(const std::string& folder,
                                                              const std::string& epoch);

  private:
    [[nodiscard]] bool open();
    std::string path_;  ///< empty: keeps nothing
    Fd file_;
};

}  // namespace riverlight::firmware
