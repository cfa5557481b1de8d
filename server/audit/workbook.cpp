#include "server/audit/documents.hpp"
#include "server/audit/table.hpp"

#include <boost/json/serialize.hpp>
#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cmath>

namespace leerspoor::server::audit {
namespace {

constexpr lxw_row_t most_rows = 1'048'575;   // beside the head
constexpr std::size_t longest_cell = 32'767; // characters, of Excel
constexpr double days_until_1970 = 25'569;   // since what Excel counts from
constexpr double microseconds_a_day = 86'400e6;

double days_of(spec::Instant instant) {
    return days_until_1970 + static_cast<double>(instant.time_since_epoch().count()) / microseconds_a_day;
}

// Cut where a character ends.
std::string fitting(std::string text) {
    if (text.size() <= longest_cell) return text;
    auto end = longest_cell - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text + "…";
}

double width_of(std::string_view column) {
    if (column == "id" || column == "registration") return 38;
    if (column == "timestamp" || column == "stored") return 20;
    if (column.starts_with("score") || column == "success" || column == "completion" || column == "language")
        return 12;
    return 32;
}

} // namespace

struct Workbook::Open {
    ~Open() {
        if (book) workbook_close(book);
    }

    lxw_worksheet* add_statements() {
        ++sheets;
        const auto name = sheets == 1 ? std::string("Statements") : "Statements " + std::to_string(sheets);
        auto* const sheet = workbook_add_worksheet(book, name.c_str());
        if (!sheet) return nullptr;
        lxw_col_t place = 0;
        for (const auto& column : columns) {
            worksheet_set_column(sheet, place, place, width_of(column), nullptr);
            worksheet_write_string(sheet, 0, place++, column.c_str(), head);
        }
        worksheet_freeze_panes(sheet, 1, 0);
        row = 0;
        return sheet;
    }

    lxw_workbook* book = nullptr;
    lxw_worksheet* summary = nullptr;
    lxw_worksheet* courses_sheet = nullptr;
    lxw_worksheet* statements = nullptr;
    lxw_format* head = nullptr;
    lxw_format* time = nullptr;
    lxw_format* duration = nullptr;
    lxw_format* score = nullptr;
    lxw_row_t row = 0;
    std::size_t sheets = 0;
    std::vector<std::string> columns;
    std::string path;
    const ExportRequest* request = nullptr;
    Courses courses;
};

Workbook::Workbook(std::unique_ptr<Open> open) : open_(std::move(open)) {}
Workbook::~Workbook() = default;

Result<std::unique_ptr<Workbook>> Workbook::create(const std::filesystem::path& path,
                                                   const ExportRequest& request) {
    auto open = std::make_unique<Open>();
    open->path = path.string();
    open->request = &request;
    open->columns = request.columns;
    if (open->columns.empty())
        for (const auto name : table_columns()) open->columns.emplace_back(name);
    auto beside = path.parent_path().string();
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = beside.empty() ? nullptr : beside.data();
    open->book = workbook_new_opt(open->path.c_str(), &options);
    if (!open->book) return Error{"file_unusable", "", open->path + " cannot be written: is the disk full?"};
    open->head = workbook_add_format(open->book);
    format_set_bold(open->head);
    open->time = workbook_add_format(open->book);
    format_set_num_format(open->time, "yyyy-mm-dd hh:mm:ss");
    open->duration = workbook_add_format(open->book);
    format_set_num_format(open->duration, "[h]:mm:ss");
    open->score = workbook_add_format(open->book);
    format_set_num_format(open->score, "0.00");
    open->summary = workbook_add_worksheet(open->book, "Summary");
    open->courses_sheet = workbook_add_worksheet(open->book, "Courses");
    open->statements = open->add_statements();
    if (!open->statements)
        return Error{"file_unusable", "", open->path + " cannot be written: is the disk full?"};
    return std::unique_ptr<Workbook>(new Workbook(std::move(open)));
}

Result<void> Workbook::add(const storage::StoredStatement& statement) {
    auto& open = *open_;
    const auto object = object_of(statement);
    if (!object) return object.error();
    open.courses.add(*object, statement.stored);
    if (open.row == most_rows) open.statements = open.add_statements();
    if (!open.statements)
        return Error{"file_unusable", "", open.path + " cannot be written: is the disk full?"};
    ++open.row;
    const auto cells = table_row(*object, open.columns);
    lxw_error problem = LXW_NO_ERROR;
    for (std::size_t i = 0; i < cells.size() && problem == LXW_NO_ERROR; ++i) {
        const auto& cell = cells[i];
        const auto column = static_cast<lxw_col_t>(i);
        double number = 0;
        switch (cell.kind) {
        case TableCell::Kind::none:
            break;
        case TableCell::Kind::truth:
            problem =
                worksheet_write_boolean(open.statements, open.row, column, cell.text == "true", nullptr);
            break;
        case TableCell::Kind::number: {
            const auto* const end = cell.text.data() + cell.text.size();
            const auto [at, bad] = std::from_chars(cell.text.data(), end, number);
            // What no double holds stays a text.
            if (bad == std::errc() && at == end && std::isfinite(number)) {
                problem = worksheet_write_number(open.statements, open.row, column, number, nullptr);
            } else {
                problem = worksheet_write_string(open.statements, open.row, column,
                                                 fitting(cell.text).c_str(), nullptr);
            }
            break;
        }
        case TableCell::Kind::text: {
            const auto& name = open.columns[i];
            const auto instant = name == "timestamp" || name == "stored"
                                     ? spec::parse_timestamp(cell.text, spec::Version::v2_0_0)
                                     : Result<spec::Instant>(Error{});
            // A text is written as a text: Excel computes nothing of it.
            problem = instant ? worksheet_write_number(open.statements, open.row, column, days_of(*instant),
                                                       open.time)
                              : worksheet_write_string(open.statements, open.row, column,
                                                       fitting(cell.text).c_str(), nullptr);
            break;
        }
        }
    }
    if (problem != LXW_NO_ERROR)
        return Error{"file_unusable", "", open.path + " cannot be written: " + lxw_strerror(problem) + "."};
    return {};
}

Result<void> Workbook::finish(const ExportResult& result) {
    auto& open = *open_;
    auto* const sheet = open.courses_sheet;
    constexpr std::array<const char*, 9> names{"course", "name",       "statements", "completions", "passes",
                                               "best",   "time spent", "first",      "last"};
    worksheet_set_column(sheet, 0, 1, 40, nullptr);
    worksheet_set_column(sheet, 2, 6, 12, nullptr);
    worksheet_set_column(sheet, 7, 8, 20, nullptr);
    worksheet_freeze_panes(sheet, 1, 0);
    for (std::size_t i = 0; i < names.size(); ++i)
        worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(i), names[i], open.head);
    lxw_row_t row = 0;
    for (const auto& course : open.courses.rows()) {
        ++row;
        worksheet_write_string(sheet, row, 0, fitting(course.course).c_str(), nullptr);
        worksheet_write_string(sheet, row, 1, fitting(course.name).c_str(), nullptr);
        worksheet_write_number(sheet, row, 2, static_cast<double>(course.statements), nullptr);
        worksheet_write_number(sheet, row, 3, static_cast<double>(course.completions), nullptr);
        worksheet_write_number(sheet, row, 4, static_cast<double>(course.passes), nullptr);
        if (course.best) worksheet_write_number(sheet, row, 5, *course.best, open.score);
        worksheet_write_number(sheet, row, 6, static_cast<double>(course.centiseconds) / 8'640'000,
                               open.duration);
        worksheet_write_number(sheet, row, 7, days_of(course.first), open.time);
        worksheet_write_number(sheet, row, 8, days_of(course.last), open.time);
    }
    worksheet_set_column(open.summary, 0, 0, 20, nullptr);
    worksheet_set_column(open.summary, 1, 1, 80, nullptr);
    lxw_row_t line = 0;
    const auto tell = [&](const char* name, const std::string& value) {
        worksheet_write_string(open.summary, line, 0, name, open.head);
        worksheet_write_string(open.summary, line++, 1, fitting(value).c_str(), nullptr);
    };
    if (!open.request->organization.empty()) tell("organisation", open.request->organization);
    tell("selection", open.request->filter.told.empty() ? "everything"
                                                        : boost::json::serialize(open.request->filter.told));
    tell("asked by", open.request->by);
    worksheet_write_string(open.summary, line, 0, "made", open.head);
    worksheet_write_number(
        open.summary, line++, 1,
        days_of(std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now())),
        open.time);
    worksheet_write_string(open.summary, line, 0, "statements", open.head);
    worksheet_write_number(open.summary, line++, 1, static_cast<double>(result.statements), nullptr);
    worksheet_write_string(open.summary, line, 0, "courses", open.head);
    worksheet_write_number(open.summary, line, 1, static_cast<double>(row), nullptr);
    auto* const book = std::exchange(open.book, nullptr);
    const auto problem = workbook_close(book);
    if (problem != LXW_NO_ERROR)
        return Error{"file_unusable", "", open.path + " cannot be written: " + lxw_strerror(problem) + "."};
    return {};
}

} // namespace leerspoor::server::audit
