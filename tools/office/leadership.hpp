#pragma once
#include <memory>
#include <string>

namespace riverlight::office {

class Database;

/// Of several offices that share records one leads: it plans, so that each day is planned once. Which one it
/// is, is decided by a lock of the database server that ends with its session: once a leader has stopped, the
/// next office that asks leads. An office whose records are a file is the only one, and leads. One thread.
class Leadership {
  public:
    /// `folder`: of an OfficeStore that was opened to write before. Nothing is opened yet.
    explicit Leadership(std::string folder);
    ~Leadership();
    Leadership(const Leadership&) = delete;
    Leadership& operator=(const Leadership&) = delete;
    Leadership(Leadership&&) = delete;
    Leadership& operator=(Leadership&&) = delete;

    /// Whether this office leads. Asks the server each time, and takes the lead where nobody has it. Throws
    /// Error if the records cannot be reached: then nobody knows, and this office does not lead.
    [[nodiscard]] bool leads();

  private:
    std::string folder_;
    std::unique_ptr<Database> session_;  ///< null until it was first asked for
};

}  // namespace riverlight::office
