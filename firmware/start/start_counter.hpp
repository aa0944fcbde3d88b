#pragma once
#include <string>

namespace riverlight::firmware {

/// Counts starts in a row that failed: `<folder>/starts.json`, format 1, replaced atomically and durable when
/// a call returns. A start that the power, or a reset, ended did not fail: that is seen by the boot's id. A
/// damaged file counts as none. Owner: one thread.
class StartCounter {
  public:
    explicit StartCounter(const std::string& folder);

    /// Counts this start as failed until it is known to be stable, or the next one is in another boot. `boot`
    /// is this boot's id; empty: unknown, and every start that did not end in order failed. Returns how many
    /// before it, in a row, failed. Throws DiskFault.
    int count_start(const std::string& boot = {});
    /// Why the last of those ended, a sentence; empty if it was killed or the power failed.
    [[nodiscard]] const std::string& last_failure() const { return last_failure_; }
    /// Tells other programs (the stick import) that the board is in safe mode. Throws DiskFault.
    void mark_safe_mode();

    /// Each of these is about the start that was counted, and throws DiskFault.
    void reset();                                    ///< it is stable: the next start is the first again
    void forget_start();                             ///< it was told to end: as if it had never been counted
    void record_failure(const std::string& reason);  ///< it failed, and the next start can say why
    void set_failed(int failed);                     ///< the next start finds `failed` before it

    /// Somebody removed the file: the board is to leave safe mode.
    [[nodiscard]] bool is_removed() const;

  private:
    void write(int failed, const std::string& failure, bool safe, const std::string& boot = {}) const;

    std::string path_, last_failure_, boot_;
    int before_ = 0;
    bool counted_ = false;
    bool safe_ = false;
};

/// Whether the board with this state folder is in safe mode. Never throws.
[[nodiscard]] bool is_in_safe_mode(const std::string& folder);
/// Makes it leave safe mode, now if it runs or else at its next start. False if it was not in safe mode.
/// Throws DiskFault.
bool leave_safe_mode(const std::string& folder);

}  // namespace riverlight::firmware
