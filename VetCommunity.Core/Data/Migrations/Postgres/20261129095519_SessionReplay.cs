using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class SessionReplay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_SessionEvents_SessionId_Kind_At",
                table: "SessionEvents",
                columns: new[] { "SessionId", "Kind", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_SessionEvents_SessionId_Slide_Version",
                table: "SessionEvents",
                columns: new[] { "SessionId", "Slide", "Version" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_SessionEvents_SessionId_Kind_At",
                table: "SessionEvents");

            migrationBuilder.DropIndex(
                name: "IX_SessionEvents_SessionId_Slide_Version",
                table: "SessionEvents");
        }
    }
}
