#pragma once
#include <string>

#include "tools/upload/upload_plan.hpp"

namespace riverlight::upload {

/// What a destination has, as far as this tree knows: `.sent-<hash of its name>.json` beside the tree's
/// files. If it is lost, everything is sent again.
class SentRecord {
  public:
    /// Reads it. One that cannot be read counts as lost.
    SentRecord(const std::string& tree, const std::string& destination);
    [[nodiscard]] const Files& files() const { return files_; }
    void add(const std::string& path, const FileState& state) { files_[path] = state; }
    void remove(const std::string& path) { files_.erase(path); }
    /// Throws DiskFault.
    void save() const;

  private:
    std::string file_, destination_;
    Files files_;
};

}  // namespace riverlight::upload
