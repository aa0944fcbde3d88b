#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tools/office/sheet.hpp"

/// Files of rows, made piece by piece: as much as one piece is in memory, however long the file.
namespace riverlight::office {

/// Where rows come from.
class SheetSource {
  public:
    virtual ~SheetSource() = default;
    [[nodiscard]] virtual std::vector<std::string> heads() const = 0;
    /// Writes some rows, in a few ms, or none: then ask again. False: there are no more. Throws Error.
    [[nodiscard]] virtual bool next(SheetRows& to) = 0;
};

enum class SheetFormat {
    csv,         ///< RFC 4180, UTF-8 with its mark
    json_lines,  ///< an object a row, its members named as the columns; numbers are numbers, none is null
    xlsx         ///< Office Open XML; a sheet holds 1,048,576 rows, the next one the rest
};
/// `csv`, `jsonl`, `xlsx`: as addresses and file names end.
[[nodiscard]] std::string_view to_text(SheetFormat format);
[[nodiscard]] std::optional<SheetFormat> parse_sheet_format(std::string_view text);
[[nodiscard]] std::string_view media_type(SheetFormat format);

/// A file that is being made. Texts that a spreadsheet would run as formulas get an apostrophe in front in
/// CSV and XLSX (traffic/csv.hpp).
class SheetFile {
  public:
    virtual ~SheetFile() = default;
    /// The next piece, at most about a megabyte; empty: it is not ready yet, ask again. Nothing: the file is
    /// whole. Throws Error.
    [[nodiscard]] virtual std::optional<std::string> next() = 0;
};
/// `folder`: where what has to lie on disk until the file is whole, lies; it is removed with the object.
[[nodiscard]] std::unique_ptr<SheetFile> make_sheet_file(SheetFormat format,
                                                         std::unique_ptr<SheetSource> source,
                                                         const std::string& folder);

}  // namespace riverlight::office
