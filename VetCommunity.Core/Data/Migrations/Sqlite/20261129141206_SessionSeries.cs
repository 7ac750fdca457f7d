using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SessionSeries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "SeriesId",
                table: "LiveSessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "SessionSeries",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Rule = table.Column<int>(type: "INTEGER", nullable: false),
                    TimeZone = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionSeries", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_SeriesId_StartsAt",
                table: "LiveSessions",
                columns: new[] { "SeriesId", "StartsAt" });

            migrationBuilder.AddForeignKey(
                name: "FK_LiveSessions_SessionSeries_SeriesId",
                table: "LiveSessions",
                column: "SeriesId",
                principalTable: "SessionSeries",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_LiveSessions_SessionSeries_SeriesId",
                table: "LiveSessions");

            migrationBuilder.DropTable(
                name: "SessionSeries");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_SeriesId_StartsAt",
                table: "LiveSessions");

            migrationBuilder.DropColumn(
                name: "SeriesId",
                table: "LiveSessions");
        }
    }
}
