#pragma once
#include <string>

namespace riverlight::firmware {

/// How often in a row a board began and did not last: `<folder>/starts.json`, format 1, replaced atomically
/// and durable when a call returns. A file that is spoiled counts as none. On one thread.
class Starts {
  public:
    explicit Starts(const std::string& folder);

    /// A start begins. Returns how many before it, in a row, did not last. Throws DiskFault.
    int begin();
    /// What the last of those said when it ended, a sentence; empty: it was killed, or the power went.
    [[nodiscard]] const std::string& last_words() const { return last_words_; }
    /// For whoever else would work for the board: it is in safe mode. Throws DiskFault.
    void note_safe_mode();

    /// Of this start. Each throws DiskFault.
    void lasted();                              ///< the next one is the first again
    void ended_in_order();                      ///< it was asked to: as if it had never begun
    void ended_with(const std::string& words);  ///< it failed, and says why
    /// The next start finds that `failed` before it did not last.
    void leave_at(int failed);

    /// Somebody has removed the file since: the board is to leave safe mode.
    [[nodiscard]] bool removed() const;

  private:
    void write(int failed, const std::string& words, bool safe) const;

    std::string path_, last_words_;
    int before_ = 0;
    bool safe_ = false;
};

/// Whether the board with this state folder is in safe mode. Never throws.
[[nodiscard]] bool is_in_safe_mode(const std::string& folder);
/// Has it leave, now or with its next start. False where it was in none. Throws DiskFault.
bool leave_safe_mode(const std::string& folder);

}  // namespace riverlight::firmware
