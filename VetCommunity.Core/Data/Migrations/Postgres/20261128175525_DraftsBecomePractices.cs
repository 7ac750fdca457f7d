using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DraftsBecomePractices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "DocumentId",
                table: "PracticeDrafts",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_PracticeDrafts_DocumentId",
                table: "PracticeDrafts",
                column: "DocumentId",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "FK_PracticeDrafts_Documents_DocumentId",
                table: "PracticeDrafts",
                column: "DocumentId",
                principalTable: "Documents",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_PracticeDrafts_Documents_DocumentId",
                table: "PracticeDrafts");

            migrationBuilder.DropIndex(
                name: "IX_PracticeDrafts_DocumentId",
                table: "PracticeDrafts");

            migrationBuilder.DropColumn(
                name: "DocumentId",
                table: "PracticeDrafts");
        }
    }
}
