using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SessionLessons : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "LessonId",
                table: "LiveSessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.InsertData(
                table: "Shelves",
                columns: new[] { "Kind", "Version" },
                values: new object[] { 3, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_LessonId",
                table: "LiveSessions",
                column: "LessonId");

            migrationBuilder.AddForeignKey(
                name: "FK_LiveSessions_Documents_LessonId",
                table: "LiveSessions",
                column: "LessonId",
                principalTable: "Documents",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_LiveSessions_Documents_LessonId",
                table: "LiveSessions");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_LessonId",
                table: "LiveSessions");

            migrationBuilder.DeleteData(
                table: "Shelves",
                keyColumn: "Kind",
                keyValue: 3);

            migrationBuilder.DropColumn(
                name: "LessonId",
                table: "LiveSessions");
        }
    }
}
