using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SessionRehearsals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_DocumentId",
                table: "LiveSessions");

            migrationBuilder.AddColumn<int>(
                name: "RehearsalOfId",
                table: "LiveSessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_DocumentId",
                table: "LiveSessions",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_RehearsalOfId",
                table: "LiveSessions",
                column: "RehearsalOfId");

            migrationBuilder.AddForeignKey(
                name: "FK_LiveSessions_LiveSessions_RehearsalOfId",
                table: "LiveSessions",
                column: "RehearsalOfId",
                principalTable: "LiveSessions",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_LiveSessions_LiveSessions_RehearsalOfId",
                table: "LiveSessions");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_DocumentId",
                table: "LiveSessions");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_RehearsalOfId",
                table: "LiveSessions");

            migrationBuilder.DropColumn(
                name: "RehearsalOfId",
                table: "LiveSessions");

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_DocumentId",
                table: "LiveSessions",
                column: "DocumentId",
                unique: true);
        }
    }
}
