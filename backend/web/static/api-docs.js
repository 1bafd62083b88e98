// Starts the documentation page, or says that its assets are missing.
const spec = document.currentScript.dataset.spec;
if (window.SwaggerUIBundle) {
  window.SwaggerUIBundle({ url: spec, dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
} else {
  document.getElementById("missing").hidden = false;
}
