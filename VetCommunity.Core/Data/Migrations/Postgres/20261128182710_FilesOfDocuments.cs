using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FilesOfDocuments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "DocumentId",
                table: "Attachments",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Attachments_DocumentId",
                table: "Attachments",
                column: "DocumentId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Attachments_DocumentId",
                table: "Attachments");

            migrationBuilder.DropColumn(
                name: "DocumentId",
                table: "Attachments");
        }
    }
}
